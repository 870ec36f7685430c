import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

interface Manifest {
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly typesVersions?: { readonly '*': Readonly<Record<string, readonly string[]>> };
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, unknown>>;
}

const PEERS = { '@cdktn/provider-archive': '>=14.0.0', '@cdktn/provider-aws': '>=25.0.0', cdktn: '>=0.24.0' };
/** An import of CDKTF or of one of its providers, in what esbuild and TypeScript write. */
const IMPORT = /((?:from |require\(|import\()['"]@?)cdktf(?=['"/])/g;
/** As deep as the originals, so that what they import beside them stays right. */
const FOLDER = 'constructs-cdktn';

/**
 * Adds `rotaform/cdktn`: the same constructs for CDK Terrain, whose packages have names of their own and are alike otherwise.
 * @param out the folder of the package, which has the constructs
 * @returns its manifest
 */
export function addCdktn(out: string, manifest: object): object {
  for (const format of ['esm', 'cjs']) {
    const from = path.join(out, format, 'constructs');
    const to = path.join(out, format, FOLDER);
    for (const file of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(c?js|d\.c?ts)$/.test(file)) continue;
      const text = readFileSync(path.join(from, file), 'utf8');
      mkdirSync(path.dirname(path.join(to, file)), { recursive: true });
      writeFileSync(path.join(to, file), text.replaceAll(IMPORT, '$1cdktn'));
    }
  }
  const { exports, typesVersions, peerDependencies, peerDependenciesMeta }: Manifest = manifest;
  const optional = Object.fromEntries(Object.keys(PEERS).map((name) => [name, { optional: true }]));
  return {
    ...manifest,
    typesVersions: { '*': { ...typesVersions?.['*'], cdktn: [`./cjs/${FOLDER}/index.d.cts`] } },
    exports: {
      ...exports,
      './cdktn': {
        import: { types: `./esm/${FOLDER}/index.d.ts`, default: `./esm/${FOLDER}/index.js` },
        require: { types: `./cjs/${FOLDER}/index.d.cts`, default: `./cjs/${FOLDER}/index.cjs` },
      },
    },
    peerDependencies: { ...peerDependencies, ...PEERS },
    peerDependenciesMeta: { ...peerDependenciesMeta, ...optional },
  };
}
