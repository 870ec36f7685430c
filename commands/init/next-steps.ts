import { page } from '../../rules/page.ts';
import { beside, type Choice, within } from './choice.ts';
import { readMainFile } from './main-file.ts';
import type { InitTarget } from './targets/init-target.ts';

export interface NextSteps {
  /** What to run, one after the other. */
  readonly commands: readonly string[];
  /** The lines for the file that declares the stack. Empty if it has them. */
  readonly edit: readonly string[];
  text(bold: (text: string) => string): string;
}

/** How each package manager starts a program of a package, and a script of package.json. */
const RUN = {
  npm: { program: 'npx', script: 'npm' },
  pnpm: { program: 'pnpm', script: 'pnpm' },
  yarn: { program: 'yarn', script: 'yarn' },
  // bun test is a test runner of its own.
  bun: { program: 'bunx', script: 'bun run' },
} as const;

/** What a person does now. */
export function nextSteps(choice: Choice, target: InitTarget, hasToInstall: boolean): NextSteps {
  const { project } = choice;
  const { program } = RUN[project.packageManager];
  const install = hasToInstall ? [`${project.packageManager} install`] : [];
  const commands = [...install, `${program} rotaform start`, testCommand(choice)];
  const { title, edit } = project.isCdktf ? linesForTheStack(choice) : { title: '', edit: [] };
  return {
    commands,
    edit,
    text: (bold) =>
      [
        ...(edit.length === 0 ? [] : [title, ...edit.map((line) => `  ${line}`), '']),
        'Then run',
        ...commands.map((command) => `  ${bold(command)}`),
        '',
        `${page(target.page)} has the options. ${page('alarms.md')} shows how to be told when a rotation fails.`,
      ].join('\n'),
  };
}

/** By the project's own script, if that runs the tests. */
function testCommand({ project, runner }: Choice): string {
  const { program, script } = RUN[project.packageManager];
  const own = project.manifest?.scripts?.test;
  const hasScript = !project.isCdktf || own?.split(/\s/).includes(runner);
  if (hasScript) return `${script} test`;
  return `${program} ${runner === 'vitest' ? 'vitest run' : runner}`;
}

function linesForTheStack(choice: Choice): { readonly title: string; readonly edit: readonly string[] } {
  const { declare, file, framework } = choice;
  const main = readMainFile();
  const provider = (name: string, of: 'aws' | 'archive', options: string) =>
    main.text.includes(`new ${name}(`)
      ? { imported: [], made: [] }
      : {
          imported: [`import { ${name} } from '${within(choice, `${framework[of]}/lib/provider`)}';`],
          made: [`new ${name}(${main.scope}, '${of}'${options});`],
        };
  const aws = provider('AwsProvider', 'aws', ", { region: 'us-east-1' }");
  const archive = provider('ArchiveProvider', 'archive', '');
  return {
    title: `Add to ${main.file}`,
    edit: [
      ...archive.imported,
      ...aws.imported,
      `import { ${declare} } from '${beside(choice, file)}';`,
      '',
      main.scope === 'this' ? '// in the constructor of your stack:' : '// before app.synth():',
      ...aws.made,
      ...archive.made,
      `${declare}(${main.scope});`,
      ...(framework.appOption === '' || main.text.includes('targetVersions')
        ? []
        : [`// in the options of new App(): ${framework.appOption}`]),
    ],
  };
}
