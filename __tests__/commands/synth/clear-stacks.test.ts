import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clearStacks } from '../../../commands/synth/clear-stacks.ts';

let output: string;
beforeEach(() => {
  output = mkdtempSync(path.join(tmpdir(), 'rotaform-clear-'));
});
afterEach(() => rmSync(output, { recursive: true }));

function write(...files: string[]): void {
  for (const file of files) {
    mkdirSync(path.dirname(path.join(output, file)), { recursive: true });
    writeFileSync(path.join(output, file), '{}');
  }
}

describe('What an earlier synth wrote', () => {
  it('is removed, of stacks that are no longer declared, too', () => {
    write(
      'manifest.json',
      'stacks/gone/cdk.tf.json',
      'stacks/gone/assets/code/index.js',
      'stacks/gone/.build/code.zip',
    );
    clearStacks(output);
    expect(readdirSync(path.join(output, 'stacks'))).toEqual([]);
    expect(existsSync(path.join(output, 'manifest.json'))).toBe(false);
  });

  it('leaves states, plans, locks and providers', () => {
    const kept = ['terraform.tfstate', 'plan', '.terraform.lock.hcl', '.terraform/providers/x', '.build/code.zip'];
    write('stacks/gone/cdk.tf.json', ...kept.map((file) => `stacks/gone/${file}`));
    clearStacks(output);
    for (const file of kept) expect(existsSync(path.join(output, 'stacks/gone', file)), file).toBe(true);
    expect(existsSync(path.join(output, 'stacks/gone/cdk.tf.json'))).toBe(false);
  });

  it('need not be there', () => {
    expect(() => clearStacks(path.join(output, 'nowhere'))).not.toThrow();
  });
});
