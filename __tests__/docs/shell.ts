import { spawnSync } from 'node:child_process';
import { VERSION } from '../../rules/version.ts';

/** A program that a block started, with its arguments, and the variables that matter to it. */
export interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/** What these write, and others in the block read. */
const STAND_INS = `
variables() { for name in "\${!TF_VAR_@}" "\${!AWS_@}" "\${!ROTAFORM_@}" NODE_ENV; do [ -z "\${!name-}" ] || printf '%s=%s\\0' "$name" "\${!name}"; done; }
call() { { printf '%s\\0' "$@"; printf '\\1\\0'; variables; printf '\\2\\0'; } >&3; }
for program in aws curl gcloud gh jq checkov node npx zip; do eval "$program() { call $program \\"\\$@\\"; }"; done
npm() { call npm "$@"; [ "$*" != 'run package' ] || { command -p mkdir -p dist; : > dist/rotaform-${VERSION}.tgz; }; }
terraform() {
  call terraform "$@"
  case "$*" in -chdir=*' providers lock '*) command -p mkdir -p "\${1#-chdir=}"; : > "\${1#-chdir=}/.terraform.lock.hcl" ;; esac
}
mkdir() { command -p mkdir "$@"; }
cp() { command -p cp "$@"; }
rm() { command -p rm -f "$@"; }
PATH=/nonexistent
set -eu
`;

/** Runs the lines in bash, where every program is a stand-in that says how it was called: any other one is not found. */
export function programsCalledBy(code: string, folder: string, input: string): Call[] {
  const { status, stderr, output } = spawnSync('/bin/bash', ['-c', `${STAND_INS}${code}\ncall end`], {
    cwd: folder,
    env: { HOME: folder },
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  if (status !== 0 || stderr !== '') throw new Error(`bash ended with ${status}: ${stderr}`);
  const calls = (output[3] ?? '').split('\0\u0002\0').slice(0, -1);
  return calls.map((each) => {
    const [call = '', variables = ''] = `${each}\0`.split('\0\u0001\0');
    const [program = '', ...args] = call.split('\0');
    const pairs = variables.split('\0').filter((pair) => pair !== '');
    return {
      program,
      args,
      variables: Object.fromEntries(pairs.map((pair) => [pair.split('=')[0], pair.slice(pair.indexOf('=') + 1)])),
    };
  });
}
