import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const project = fileURLToPath(new URL('..', import.meta.url));
/** Every folder of the project that holds code. */
const folders = readdirSync(project, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$|dist$|cdktf\.out$|docs$|modules$)/.test(entry.name))
  .map(({ name }) => name);

interface Import {
  readonly from: string;
  /** A file of the project, or a package as it is written in the import. */
  readonly to: string;
}

const imports = await importsAtRunTime();

/** What every file imports once its types are gone, as esbuild reads it. */
async function importsAtRunTime(): Promise<Import[]> {
  const files = folders.flatMap((folder) =>
    readdirSync(`${project}${folder}`, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
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

/** The imports of a folder's files that they may not have. */
function trespasses(folder: string, { uses, packages = /^/ }: Border): Import[] {
  const own = [folder, ...uses].map((name) => `${name}/`);
  return imports
    .filter(({ from }) => from.startsWith(`${folder}/`))
    .filter(({ to }) => {
      const isOurs = folders.includes(to.split('/')[0] ?? '') || /^[\w.-]+\.(ts|json)$/.test(to);
      return isOurs ? !own.some((name) => `${to}/`.startsWith(name)) : !(to.startsWith('node:') || packages.test(to));
    });
}

/** What a folder's files may import besides each other. */
interface Border {
  /** Other folders of the project, or the one part of them that is named. */
  readonly uses: readonly string[];
  /** @default any */
  readonly packages?: RegExp;
}

/** A folder of the project that is not here fails a test. */
const borders: Readonly<Record<string, Border>> = {
  // The worlds: nothing crosses from one to another but types, the built archives and rules/.
  constructs: { uses: ['rules'], packages: /^(cdktf|constructs|esbuild)$|^@cdktf\/provider-(aws|archive)\/lib\// },
  lambda: { uses: ['rules'], packages: /^@aws-sdk\/|^pg\/lib\/client\.js$|^mysql2$|^jose(\/errors)?$/ },
  client: { uses: ['rules'], packages: /^(@aws-sdk\/client-secrets-manager|@nestjs\/common|@opentelemetry\/api)$/ },
  local: { uses: ['rules'], packages: /^(fflate|valibot)$/ },
  rules: { uses: ['package.json'], packages: /^cronstrue$/ },
  // The tools, which run the worlds. No world uses a tool, and nothing but tests uses bench/, packaging/ or commands/: except
  // that a benchmark uses the part of commands/ that it measures.
  commands: {
    uses: ['client', 'constructs', 'examples', 'harness', 'lambda/rotation', 'local', 'package.json', 'rules'],
  },
  testing: { uses: ['constructs/code', 'local'] },
  harness: { uses: ['local'] },
  examples: { uses: ['rules/web-page.ts'] },
  bench: { uses: ['client', 'commands/status', 'constructs', 'examples', 'harness', 'local', 'rules', 'testing'] },
  packaging: { uses: ['constructs/code', 'package.json', 'rules/targets.ts'] },
  __tests__: {
    uses: [
      ...['bench', 'client', 'commands', 'constructs', 'examples', 'harness', 'lambda', 'local'],
      ...['packaging', 'rules', 'testing'],
    ],
  },
};

describe('At run time', () => {
  it('every folder has a border', () => {
    expect(folders.toSorted()).toEqual(Object.keys(borders).toSorted());
  });

  it.each(Object.entries(borders))('%s/ imports only what it may', (folder, border) => {
    expect(trespasses(folder, border)).toEqual([]);
  });

  it('only code that synthesizes loads cdktf', () => {
    const allowed =
      /^(main\.ts$|examples\/[\w-]+\/main\.ts$|constructs\/|bench\/|harness\/terraform-folder\.ts$|__tests__\/(main\.test\.ts$|constructs\/|examples\/|local\/(iam|permissions)\/|modules\/|terraform\/))/;
    const loads = imports.filter(({ to }) => /^(cdktf|constructs|@cdktf\/.*)$/.test(to));
    expect(loads.length).toBeGreaterThan(0);
    expect(loads.filter(({ from }) => !allowed.test(from))).toEqual([]);
  });

  it('nothing loads a whole provider, because that takes 3 seconds and 640 MB', () => {
    expect(imports.filter(({ to }) => /^@cdktf\/provider-\w+(\/lib)?(\/index(\.js)?)?$/.test(to))).toEqual([]);
  });
});
