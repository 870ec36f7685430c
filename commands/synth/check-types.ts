import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { text } from 'node:stream/consumers';

/**
 * Checks the types of a file and of what it imports, which tsx does not: by the project's TypeScript, and the options of its
 * `tsconfig.json`. Without one of them, it checks nothing.
 * @throws Error with what TypeScript says
 */
export async function checkTypes(file: string): Promise<void> {
  const config = path.resolve('tsconfig.json');
  const tsc = compiler();
  if (tsc === undefined || !existsSync(config) || !/\.[cm]?ts$/.test(file) || !existsSync(file)) return;
  // Within the project: packages are looked for from there.
  const cache = path.resolve('node_modules/.cache/rotaform');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'types-'));
  const stop = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', stop);
  try {
    const own = { extends: config, files: [path.resolve(file)], include: [], compilerOptions: { noEmit: true } };
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(own));
    const child = spawn(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [exitCode, said] = await Promise.all([
      new Promise((ended, failed) => child.once('error', failed).once('close', ended)),
      text(child.stdout),
    ]);
    if (exitCode !== 0) throw new Error(`${file} has type errors:\n${said.trim()}`);
  } finally {
    process.off('exit', stop);
    stop();
  }
}

function compiler(): string | undefined {
  try {
    const manifest = createRequire(path.resolve('package.json')).resolve('typescript/package.json');
    return path.join(path.dirname(manifest), 'bin/tsc');
  } catch {
    return undefined;
  }
}
