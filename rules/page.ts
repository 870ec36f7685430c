import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** This repository runs its sources; the package has JavaScript, and its pages are beside it. */
const isPackage = !import.meta.url.endsWith('.ts');

/** Where a person in this folder opens a page of the documentation. */
export function page(name: string): string {
  if (!isPackage) return `docs/${name}`;
  // As `init --hcl` copies them, and as npm installs them.
  const folders = ['terraform-aws-rotaform/docs', 'node_modules/rotaform/docs'];
  return `${folders.find((folder) => existsSync(`${folder}/${name}`)) ?? packagePages()}/${name}`;
}

/** Wherever the package is: npx, for one, keeps it in a folder of its own. */
function packagePages(): string {
  for (let folder = path.dirname(fileURLToPath(import.meta.url)); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'docs/errors.md'))) return path.join(folder, 'docs');
    if (folder === path.dirname(folder)) return 'docs';
  }
}
