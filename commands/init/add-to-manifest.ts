import manifest from '../../package.json' with { type: 'json' };
import type { Choice } from './choice.ts';
import type { Manifest } from './project.ts';
import type { InitTarget } from './targets/init-target.ts';

/** What each project needs to synthesize and test. */
const PACKAGES = ['@aws-sdk/client-secrets-manager', '@types/node'];
/** What a new project needs besides. */
const OF_NEW_PROJECT = ['cdktf', 'constructs', 'tsx', 'typescript', 'vitest'];
/** CDK Terrain's providers, as docs/cdktn.md has them: this repository does not have them itself. */
const OF_CDKTN: Readonly<Record<string, string>> = {
  '@cdktn/provider-archive': '^14.0.1',
  '@cdktn/provider-aws': '^25.7.0',
};
/** What npm init writes. It is nobody's. */
const PLACEHOLDER = 'echo "Error: no test specified" && exit 1';
const SCRIPTS = { start: 'rotaform start', synth: 'rotaform synth', test: 'vitest run', types: 'tsc' };

export interface ChangedManifest {
  readonly text: string;
  /** Such as `scripts.start`, `devDependencies.rotaform`. */
  readonly added: readonly string[];
}

/** Adds to package.json what is not there; what is there stays, and so do its indentation and line ends. */
export function addToManifest(choice: Choice, target: InitTarget): ChangedManifest {
  const { app, framework, isModule, project, runner } = choice;
  const found: Manifest = project.manifest ?? { name: app };
  const added: string[] = [];
  const merged = (
    section: string,
    there: Readonly<Record<string, string>> = {},
    wanted: Readonly<Record<string, string>>,
  ) => {
    const missing = Object.entries(wanted).filter(([key]) => there[key] === undefined || there[key] === PLACEHOLDER);
    added.push(...missing.map(([key]) => `${section}.${key}`));
    return { ...there, ...Object.fromEntries(missing) };
  };
  const wanted = [
    framework.archive,
    framework.aws,
    ...PACKAGES,
    ...(target.packages ?? []),
    ...(project.isCdktf ? [] : OF_NEW_PROJECT),
  ];
  if (runner === 'vitest') wanted.push('vitest');
  const versions = Object.fromEntries(
    wanted.filter((name) => project.dependencies[name] === undefined).map((name) => [name, versionOf(name)]),
  );
  const packages = { ...versions, ...(project.dependencies.rotaform === undefined && { rotaform: choice.source }) };
  const type = isModule ? 'module' : 'commonjs';
  // As a person would order them, where nobody has yet.
  const { devDependencies: _, ...first } = found;
  const changed = {
    ...(project.isCdktf ? found : first),
    ...(project.manifest === undefined && { private: true }),
    ...(!project.isCdktf && found.type === undefined && { type }),
    ...(!project.isCdktf && { scripts: merged('scripts', found.scripts, SCRIPTS) }),
    devDependencies: sorted(merged('devDependencies', found.devDependencies, packages)),
  };
  return { text: formatted(changed, project.manifestText), added };
}

/** The version that this one is tested with. */
function versionOf(name: string): string {
  const { [name]: version }: Readonly<Record<string, string>> = { ...manifest.devDependencies, ...OF_CDKTN };
  if (version === undefined) throw new Error(`No version of ${name} is known.`);
  return version;
}

const sorted = (record: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));

function formatted(value: object, like: string): string {
  const [, indent = '  '] = /^[^\S\n]*\{\r?\n([ \t]+)"/.exec(like.replace(/^\uFEFF/, '')) ?? [];
  const end = like.includes('\r\n') ? '\r\n' : '\n';
  const text = JSON.stringify(value, undefined, indent).replaceAll('\n', end);
  const last = like === '' || like.endsWith('\n') ? end : '';
  return `${like.startsWith('\uFEFF') ? '\uFEFF' : ''}${text}${last}`;
}
