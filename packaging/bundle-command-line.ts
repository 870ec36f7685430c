import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { softwareBill } from '../constructs/code/software-bill.ts';
import { type BundledPackage, bundledPackages, thirdPartyNotices } from '../constructs/code/third-party-notices.mjs';

const FILE = 'bin/rotaform.cjs';

interface Installed {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/**
 * Bundles the command line into one file, together with the AWS SDK and the packages that it alone needs: so it runs where
 * nothing is installed, such as in a folder of HCL. Their licenses join those of the functions.
 * @param out the folder of the package, which has THIRD_PARTY_NOTICES and sbom.cdx.json
 * @returns `bin`, for its manifest
 */
export function bundleCommandLine(out: string): Readonly<Record<string, string>> {
  const { dependencies, peerDependencies }: Installed = JSON.parse(readFileSync('package.json', 'utf8'));
  const { metafile } = buildSync({
    entryPoints: ['commands/rotaform.ts'],
    outfile: path.join(out, FILE),
    bundle: true,
    external: Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => !name.startsWith('@aws-sdk/')),
    platform: 'node',
    target: 'node20',
    // Some of the packages are CommonJS, which an ES module cannot hold: it has no require.
    format: 'cjs',
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    minify: true,
    keepNames: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  chmodSync(path.join(out, FILE), 0o755);
  addToBill(out, bundledPackages(metafile, process.cwd()));
  return { rotaform: FILE };
}

/** Adds packages to the lists of those whose code is in the functions. */
function addToBill(out: string, packages: readonly BundledPackage[]): void {
  const notices = path.join(out, 'THIRD_PARTY_NOTICES');
  const [, ...parts] = thirdPartyNotices(packages).split(/^(?=-{80}$)/m);
  writeFileSync(notices, `${readFileSync(notices, 'utf8')}\n${parts.join('')}`);

  const bill = path.join(out, 'sbom.cdx.json');
  const { components, ...rest } = JSON.parse(readFileSync(bill, 'utf8'));
  const { components: more } = softwareBill({ name: '', version: '', license: '' }, packages) as typeof rest;
  const all = new Map([...components, ...more].map((each) => [each.purl, each]));
  const purls = [...all.keys()].sort();
  const [{ ref }] = rest.dependencies;
  const merged = {
    ...rest,
    components: purls.map((purl) => all.get(purl)),
    dependencies: [{ ref, dependsOn: purls }],
  };
  writeFileSync(bill, `${JSON.stringify(merged, undefined, 2)}\n`);
}
