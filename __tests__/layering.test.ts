import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const project = fileURLToPath(new URL('..', import.meta.url));
const worlds = ['bench', 'client', 'constructs', 'examples', 'lambda', 'local', 'rules', '__tests__'];

interface Import {
  readonly from: string;
  /** A file of the project, or a package as it is written in the import. */
  readonly to: string;
}

const imports = await importsAtRunTime();

/** What every file imports once its types are gone, as esbuild reads it. */
async function importsAtRunTime(): Promise<Import[]> {
  const files = readdirSync(project, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && worlds.includes(entry.name))
    .flatMap(({ name }) =>
      readdirSync(`${project}${name}`, { recursive: true, encoding: 'utf8' }).map((file) => `${name}/${file}`),
    );
  const { metafile } = await build({
    entryPoints: ['main.ts', ...files.filter((file) => /\.[cm]?[jt]s$/.test(file))],
    absWorkingDir: project,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outdir: 'unused',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  return Object.entries(metafile.inputs).flatMap(([from, file]) =>
    file.imports.map(({ path }) => ({ from, to: path })),
  );
}

/** The imports of a world's files that it may not have. */
function trespasses(world: string, allowed: RegExp): Import[] {
  return imports.filter(({ from, to }) => from.startsWith(world) && !allowed.test(to));
}

describe('At run time', () => {
  it.each([
    ['constructs/', /^(constructs|rules)\/|^node:|^(cdktf|constructs|esbuild)$|^@cdktf\/provider-(aws|archive)\/lib\//],
    ['lambda/', /^(lambda|rules)\/|^node:|^@aws-sdk\/|^pg\/lib\/client\.js$|^jose(\/errors)?$/],
    ['rules/', /^rules\/|^(node:crypto|croner|cronstrue)$/],
    ['client/', /^(client|rules)\/|^node:|^@aws-sdk\/client-secrets-manager$/],
  ])('%s imports only what belongs to its world', (world, allowed) => {
    expect(trespasses(world, allowed)).toEqual([]);
  });

  it('local/ knows nothing of constructs/', () => {
    expect(trespasses('local/', /^(?!constructs\/|rotaform$)/)).toEqual([]);
  });

  it('only what synthesizes loads cdktf', () => {
    const allowed =
      /^(main\.ts$|examples\/[\w-]+\/main\.ts$|constructs\/|bench\/|__tests__\/(main\.test\.ts$|constructs\/|examples\/|local\/iam\/|terraform\/))/;
    const loads = imports.filter(({ to }) => /^(cdktf|constructs|@cdktf\/.*)$/.test(to));
    expect(loads.length).toBeGreaterThan(0);
    expect(loads.filter(({ from }) => !allowed.test(from))).toEqual([]);
  });

  it('nothing loads a provider as a whole, which takes 3 seconds and 640 MB', () => {
    expect(imports.filter(({ to }) => /^@cdktf\/provider-\w+(\/lib)?(\/index(\.js)?)?$/.test(to))).toEqual([]);
  });
});
