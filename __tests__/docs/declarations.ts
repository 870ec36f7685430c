import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Construct } from 'constructs';
import { blockWith } from './pages.ts';

/** What a fragment may use without importing it. */
export const PREAMBLE = `import { EphemeralVariable, RotatedSecret, Rotation, Schedule } from 'rotaform';
import type { TerraformStack } from 'cdktf';
declare const stack: TerraformStack;
`;

/** The file of docs/custom-strategy.md, which its declaration names. */
const STRATEGY = 'rotate-api-key.ts';

const KEY_ARN = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** What a page leaves to its reader. */
const GIVEN: Readonly<Record<string, string>> = {
  databaseGroupId: "const databaseGroupId = 'sg-0123456789abcdef1';",
  password: "const password = new EphemeralVariable(stack, 'given', 'What the reader has');",
};

/** The tenants of docs/fleet.md. */
const TENANTS = ['acme', 'globex'];

/** Whether a block declares something in a stack that it is given. A program makes stacks of its own. */
export const isDeclaration = (code: string): boolean =>
  /(new \w+|\.existing)\(stack/.test(code) && !code.includes('new TerraformStack(');

/** A fragment as a function of its stack. */
function asFunction(code: string): string {
  const fragment = code.replaceAll(/^declare const (\w+): .*;$/gm, (_, name: string) => GIVEN[name] ?? '');
  const text = /^import /m.test(code) ? fragment : `${PREAMBLE.replace(/^declare .*$/m, '')}${fragment}`;
  const imports = [...text.matchAll(/^import .*\n/gm)].join('');
  return `${imports}export function declare(stack) {\n${text.replaceAll(/^import .*\n/gm, '')}}\n`;
}

/** What declares in a stack what a block of a page declares. The block becomes a file of the folder, by this name. */
export async function declarationOf(code: string, folder: string, name: string): Promise<(stack: Construct) => void> {
  const strategy = path.join(folder, STRATEGY);
  writeFileSync(strategy, blockWith('docs/custom-strategy.md', 'ts', 'rotationHandler('));
  const file = path.join(folder, `${name}.ts`);
  writeFileSync(file, /^export function/m.test(code) ? code : asFunction(code.replaceAll(STRATEGY, strategy)));
  const [declare] = Object.values(await import(file)) as ((...args: unknown[]) => void)[];
  return (stack) => declare?.(stack, declare.name === 'rotateTenants' ? TENANTS : KEY_ARN);
}
