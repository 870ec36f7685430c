import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/** What synth writes of a stack. */
const SYNTHESIZED = ['cdk.tf.json', 'assets'];

/**
 * Removes what an earlier synth wrote, so that nobody deploys a stack that is no longer declared, or carries it to another
 * machine. A state, a plan, a lock file and the providers stay, whatever stack they belong to.
 * @param output such as `cdktf.out`
 */
export function clearStacks(output: string): void {
  rmSync(path.join(output, 'manifest.json'), { force: true });
  const stacks = path.join(output, 'stacks');
  for (const name of existsSync(stacks) ? readdirSync(stacks) : []) {
    const folder = path.join(stacks, name);
    for (const file of SYNTHESIZED) rmSync(path.join(folder, file), { recursive: true, force: true });
    if (readdirSync(folder).every((file) => file === '.build')) rmSync(folder, { recursive: true });
  }
}
