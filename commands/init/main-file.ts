import { existsSync, readFileSync } from 'node:fs';

/** The program that declares the stack. */
export interface MainFile {
  readonly file: string;
  /** Empty if it is not there. */
  readonly text: string;
  /** How a line in it calls the stack: `this` in its constructor, or a variable. */
  readonly scope: string;
}

/** The one that `cdktf.json` runs. */
export function readMainFile(): MainFile {
  const app = /"app"\s*:\s*"([^"]*)"/.exec(readFileSync('cdktf.json', 'utf8'))?.[1] ?? '';
  const file = /(\S+\.[cm]?[jt]s)/.exec(app)?.[1] ?? 'main.ts';
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const [, variable] = /\b(?:const|let|var)\s+([\w$]+)\s*=\s*new\s+TerraformStack\(/.exec(text) ?? [];
  return { file, text, scope: variable ?? 'this' };
}
