import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A `run` of a module's `validations.tftest.hcl`. */
export interface TestRun {
  readonly name: string;
  /** The inputs that it calls the module with, in HCL, by name. */
  readonly inputs: ReadonlyMap<string, string>;
  /** The variables that it says to be refused; none if the plan passes. */
  readonly refused: readonly string[];
}

/** All runs of a module's tests, as `terraform fmt` writes them. */
export function testRuns(name: string): TestRun[] {
  const text = readFileSync(path.join('modules', name, 'tests/validations.tftest.hcl'), 'utf8');
  const [, shared = ''] = /^variables \{$([\s\S]*?)^\}$/m.exec(text) ?? [];
  return [...text.matchAll(/^run "(\w+)" \{$([\s\S]*?)^\}$/gm)].map(([, run = '', body = '']) => {
    const [, own = ''] = /^ {2}variables \{$([\s\S]*?)^ {2}\}$/m.exec(body) ?? [];
    const [, refused = ''] = /^ {2}expect_failures = \[(.*)\]$/m.exec(body) ?? [];
    return {
      name: run,
      inputs: new Map([...attributesIn(shared, 2), ...attributesIn(own, 4)]),
      refused: [...refused.matchAll(/var\.(\w+)/g)].map(([, variable = '']) => variable),
    };
  });
}

/**
 * A module's variables with their validations, word for word, and the constants that these compare with: a plan of it asks no
 * provider. A line has the number that it has in the module's own file.
 */
export function variablesAlone(name: string): Record<string, string> {
  const folder = path.join('modules', name);
  const files = readdirSync(folder).filter((file) => file.endsWith('.tf'));
  const texts = files.map((file) => [file, readFileSync(path.join(folder, file), 'utf8')] as const);
  const all = new Map(texts.flatMap(([, text]) => [...localsIn(text)]));
  const kept = texts.map(([file, text]) => [file, onlyVariables(text)] as const);
  const needed = new Set<string>();
  const need = (hcl: string) => {
    for (const [, local = ''] of hcl.matchAll(/\blocal\.(\w+)/g)) {
      if (needed.has(local)) continue;
      needed.add(local);
      need(all.get(local) ?? '');
    }
  };
  for (const [, text] of kept) need(text);
  const locals = [...needed].map((local) => `  ${local} = ${all.get(local)}\n`);
  return { ...Object.fromEntries(kept), 'constants.tf': `locals {\n${locals.join('')}}\n` };
}

/** The locals of a file, in HCL, by name. */
export function localsIn(text: string): Map<string, string> {
  const bodies = [...text.matchAll(/^locals \{$([\s\S]*?)^\}$/gm)];
  return new Map(bodies.flatMap(([, body = '']) => [...attributesIn(body, 2)]));
}

function onlyVariables(text: string): string {
  let isInside = false;
  return text
    .split('\n')
    .map((line) => {
      isInside ||= /^variable "/.test(line);
      const kept = isInside ? line : '';
      if (line === '}') isInside = false;
      // What a validation asks of a provider.
      return kept
        .replaceAll('data.aws_region.current.id', '"us-east-1"')
        .replaceAll('data.aws_caller_identity.current.account_id', '"111122223333"')
        .replaceAll('data.aws_partition.current.partition', '"aws"');
    })
    .join('\n');
}

/** What a block assigns, by name: each begins at this indentation. */
function attributesIn(body: string, indentation: number): Map<string, string> {
  const start = new RegExp(`^ {${indentation}}(\\w+) += `, 'gm');
  const found = [...body.matchAll(start)];
  return new Map(
    found.map((each, index) => [
      each[1] ?? '',
      body
        .slice(each.index + each[0].length, found[index + 1]?.index ?? body.length)
        .replaceAll(/^\s*#.*$/gm, '')
        .trim(),
    ]),
  );
}
