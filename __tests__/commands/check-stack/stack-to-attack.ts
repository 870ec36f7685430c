import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkStack } from '../../../commands/check-stack/check-stack.ts';
import { synthesizeEverything } from '../../constructs/synthesize-everything.ts';

/** JSON that a test changes. */
// biome-ignore lint/suspicious/noExplicitAny: an attack writes what no type describes.
export type Json = any;

const outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-attacked-'));
const original = path.join(outdir, 'stacks/everything');

/** A synthesized stack, fresh for each attack. */
export class StackToAttack {
  readonly folder = path.join(mkdtempSync(path.join(outdir, 'attack-')), 'my-app');

  static synthesize(): Promise<void> {
    return synthesizeEverything(outdir);
  }

  static removeAll(): void {
    rmSync(outdir, { recursive: true });
  }

  /** @param from the folder of another stack than that of every construct */
  constructor(from = original) {
    cpSync(from, this.folder, { recursive: true });
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  get text(): string {
    return readFileSync(this.file('cdk.tf.json'), 'utf8');
  }

  write(text: string | Uint8Array): this {
    writeFileSync(this.file('cdk.tf.json'), text);
    return this;
  }

  change(change: (stack: Json) => void): this {
    const stack = JSON.parse(this.text);
    change(stack);
    return this.write(JSON.stringify(stack));
  }

  /** Writes a list of one's own beside the stack. */
  ownList(list: object): string {
    const file = path.join(path.dirname(this.folder), 'rotaform.allow.json');
    writeFileSync(file, JSON.stringify(list));
    return file;
  }

  /** What check-stack says, a line a refusal. */
  refused(ownList?: object): string[] {
    const { refusals } = checkStack(this.folder, ownList && this.ownList(ownList));
    return refusals.map(({ place, found }) => `${place}: ${found}`);
  }
}

/** What the owner of examples/two-accounts puts on the list: whom Terraform may deploy as, and the keys. */
export const ownListOfTwoAccounts = {
  assume_role: ['arn:aws:iam::444455556666:role/deploy'],
  resource: {
    aws_kms_key: ['description', 'enable_key_rotation'],
    aws_kms_key_policy: ['key_id', 'policy'],
  },
};

/** The first block of a type. */
export function first(stack: Json, section: string, type: string): Json {
  return Object.values(stack[section][type])[0];
}
