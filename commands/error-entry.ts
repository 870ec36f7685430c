import { page } from '../rules/page.ts';

/** Where `docs/errors.md` says what an error's code means, what to do, and what is safe meanwhile. */
export function errorEntry(world: 'Function' | 'Deploy' | 'Finding', code: string): string {
  // As a heading "### Function: NETWORK" is linked.
  return `${page('errors.md')}#${`${world}-${code}`.toLowerCase()}`;
}
