import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';

const TEXT = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
const TITLE = new RegExp(`(?:\\b(?:it|describe|describe\\w+)(?:\\.\\w+)?|\\))\\(\\s*(${TEXT.source})[,.]`, 'g');

/** The texts of a program, such as its messages. */
export function textsIn(file: string): string[] {
  return [...withoutComments(file).matchAll(TEXT)].map(([text]) => spoken(text)).filter((text) => text.includes(' '));
}

/** The titles of a file's tests. */
export function titlesIn(file: string): string[] {
  return [...withoutComments(file).matchAll(TITLE)].map(([, title = '']) => spoken(title));
}

/** The program as esbuild prints it: each text, or each part of one between placeholders, is a literal. */
function withoutComments(file: string): string {
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    loader: 'ts',
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    minifySyntax: true,
    charset: 'utf8',
    supported: { 'template-literal': false },
    logLevel: 'silent',
  });
  return code.replaceAll(/^\s*\/\/.*$/gm, '');
}

/** Without what is code in it. */
const spoken = (literal: string) =>
  literal
    .slice(1, -1)
    .replaceAll(/\\n/g, ' ')
    .replaceAll(/\\(.)/g, '$1')
    .replaceAll(/`[^`]*`/g, '`…`');
