import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { Construct } from 'constructs';
import { FunctionArchive } from '../code/function-archive.ts';
import type { RotationNeeds } from '../targets/rotation-needs.ts';
import { isReference } from '../terraform/references.ts';
import { warn } from './warn.ts';

/** Asks the compiled strategy in a process of its own, whose environment is the function's. */
const PROGRAM = `
const { file, environment, document } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
Promise.resolve(require(file).handler.missingFields?.(environment, document) ?? []).then(
  (fields) => process.stdout.write(JSON.stringify(fields), () => process.exit()),
  () => process.exit(1),
);`;

const TIMEOUT_MS = 10_000;

/** What was asked before, so that a fleet asks once. */
const answers = new Map<string, readonly string[]>();

/**
 * Warns of fields that a strategy of one's own needs before its first rotation, and that the first version does not have. What
 * cannot be asked, such as a strategy that throws for an environment that only Terraform knows, is not warned of.
 * @param initial the first version's fields
 */
export function warnOfMissingFields(
  scope: Construct,
  { code, format, ...needs }: RotationNeeds,
  initial: object,
): void {
  if (code.entry === undefined || format === 'text') return;
  const file = path.resolve(FunctionArchive.of(scope, code).folder, 'index.js');
  const environment = Object.fromEntries(
    Object.entries(needs.environment).map(([name, value]) => [name, isReference(value) ? 'known-to-terraform' : value]),
  );
  const fields = missingFields({ file, environment, document: withoutReferences(initial) });
  if (fields.length === 0) return;
  const found = fields.map((field) => `"${field}"`).join(' and ');
  warn(
    scope,
    `The strategy ${code.entry} needs ${found} in the secret, and nothing gives it: the first rotation would fail. Add it to ` +
      'initial, or let the current schema of the strategy do without it.',
  );
}

interface Question {
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly document: unknown;
}

function missingFields(question: Question): readonly string[] {
  const { document, ...rest } = question;
  const key = JSON.stringify([rest, document], (_, value) => (typeof value === 'number' ? 0 : value));
  const fields = answers.get(key) ?? ask(question);
  answers.set(key, fields);
  return fields;
}

function ask(question: Question): readonly string[] {
  try {
    const { environment: env } = question;
    const options = { input: JSON.stringify(question), env, encoding: 'utf8', timeout: TIMEOUT_MS } as const;
    return JSON.parse(
      execFileSync(process.execPath, ['-e', PROGRAM], { ...options, stdio: ['pipe', 'pipe', 'ignore'] }),
    );
  } catch {
    return [];
  }
}

/** The same members, each text and reference as one text: only what is missing is asked. */
function withoutReferences(value: unknown): unknown {
  if (typeof value === 'string' || isReference(value)) return 'given';
  if (Array.isArray(value)) return value.map(withoutReferences);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutReferences(inner)]));
}
