/** This repository runs its sources; the package has JavaScript, and its pages are beside it. */
const isPackage = !import.meta.url.endsWith('.ts');

/** Where a page of the documentation stands. */
export function page(name: string): string {
  return `${isPackage ? 'node_modules/rotaform/' : ''}docs/${name}`;
}
