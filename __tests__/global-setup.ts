import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds the functions of `lambda/` once: synthesized stacks deploy what stands in `dist/`. */
export function setup(): void {
  const program = fileURLToPath(new URL('../constructs/code/build-functions.ts', import.meta.url));
  execFileSync(process.execPath, ['--import', 'tsx', program], { stdio: 'inherit' });
}
