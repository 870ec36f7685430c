import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MOTO = 'moto[server]==5.2.5';
const folder = fileURLToPath(new URL('../node_modules/.cache/rotaform/moto/', import.meta.url));

/** The path of `moto_server`: the one that `MOTO_SERVER` names, else one of our own, which pip installs once. */
export function motoServer(): string | undefined {
  const own = `${folder}bin/moto_server`;
  if (process.env.MOTO_SERVER !== undefined) return process.env.MOTO_SERVER;
  if (existsSync(own)) return own;
  console.log(`Installs ${MOTO} in node_modules/.cache, once.`);
  try {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'ignore' });
    execFileSync(`${folder}bin/pip`, ['install', '--quiet', '--disable-pip-version-check', MOTO], { stdio: 'ignore' });
    return own;
  } catch {
    console.log(
      `It cannot be installed here. Python 3 with venv and pip can, or MOTO_SERVER names another moto_server.`,
    );
    return undefined;
  }
}
