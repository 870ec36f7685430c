import type { BundledPackage } from './bundle-function.ts';

/** What an npm package says of itself. */
export interface Product {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/**
 * Which packages' code a product holds, as CycloneDX. The same packages make the same bytes: it has no serial number and no time.
 * @see https://cyclonedx.org/docs/1.6/json/
 */
export function softwareBill(product: Product, packages: readonly BundledPackage[]): object {
  const components = packages.map(component);
  const root = component(product);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: root },
    components,
    dependencies: [{ ref: root.purl, dependsOn: components.map(({ purl }) => purl) }],
  };
}

function component({ name, version, license }: Product) {
  // https://github.com/package-url/purl-spec/blob/main/types-doc/npm-definition.md
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const isExpression = license.includes(' ');
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    licenses: [isExpression ? { expression: license } : { license: { id: license } }],
    purl,
  };
}
