import { existsSync, readFileSync } from 'node:fs';
import { page } from '../spelling.ts';
import { beside, type Choice, within } from './choice.ts';
import type { InitTarget } from './targets/init-target.ts';

export interface NextSteps {
  /** What to run, one after the other. */
  readonly commands: readonly string[];
  /** The lines for the file that declares the stack. Empty if it has them. */
  readonly edit: readonly string[];
  text(bold: (text: string) => string): string;
}

const RUN = { npm: 'npx rotaform', pnpm: 'pnpm rotaform', yarn: 'yarn rotaform' } as const;

/** What a person does now. */
export function nextSteps(choice: Choice, target: InitTarget): NextSteps {
  const { project, runner } = choice;
  const { packageManager } = project;
  const test = project.isCdktf
    ? `${packageManager === 'npm' ? 'npx' : packageManager} ${runner}`
    : `${packageManager} test`;
  const commands = [`${packageManager} install`, `${RUN[packageManager]} start`, test];
  const edit = project.isCdktf ? linesForTheStack(choice) : [];
  return {
    commands,
    edit,
    text: (bold) =>
      [
        ...(edit.length === 0
          ? []
          : ['Add to the file that declares your stack', ...edit.map((line) => `  ${line}`), '']),
        'Then run',
        ...commands.map((command) => `  ${bold(command)}`),
        '',
        `${page(target.page)} has the options.`,
      ].join('\n'),
  };
}

function linesForTheStack(choice: Choice): string[] {
  const { declare, file } = choice;
  const main =
    /(\S+\.[cm]?[jt]s)/.exec(readFileSync('cdktf.json', 'utf8').match(/"app"\s*:\s*"([^"]*)"/)?.[1] ?? '')?.[1] ??
    'main.ts';
  const text = existsSync(main) ? readFileSync(main, 'utf8') : '';
  const provider = (name: string, of: string, options: string) =>
    text.includes(`new ${name}(`)
      ? { imported: [], made: [] }
      : {
          imported: [`import { ${name} } from '${within(choice, `@cdktf/provider-${of}/lib/provider`)}';`],
          made: [`new ${name}(this, '${of}'${options});`],
        };
  const aws = provider('AwsProvider', 'aws', ", { region: 'us-east-1' }");
  const archive = provider('ArchiveProvider', 'archive', '');
  return [
    ...archive.imported,
    ...aws.imported,
    `import { ${declare} } from '${beside(choice, file)}';`,
    '',
    '// in the constructor of your stack:',
    ...aws.made,
    ...archive.made,
    `${declare}(this);`,
  ];
}
