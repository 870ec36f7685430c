import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Edit, editsOf } from './edits-of.ts';

export const project = fileURLToPath(new URL('../..', import.meta.url));

export interface NumberedEdit extends Edit {
  readonly id: number;
  readonly file: string;
}

/** All changes of these files, numbered from 1. */
export function numberedEdits(files: readonly string[]): NumberedEdit[] {
  return files
    .flatMap((file) => editsOf(readFileSync(path.join(project, file), 'utf8')).map((edit) => ({ ...edit, file })))
    .map((edit, index) => ({ ...edit, id: index + 1 }));
}
