import { Command, CommanderError } from 'commander';
import colors from 'picocolors';
import { FAULT_KINDS } from '../local/faults/fault.ts';
import { page } from '../rules/page.ts';
import { VERSION } from '../rules/version.ts';
import { errorEntry } from './error-entry.ts';
import { spelled } from './spelling.ts';
import { UsageError } from './usage-error.ts';

const COMMANDS = ['init', 'start', 'local', 'rotate', 'status', 'preflight', 'synth', 'check-stack'];
const exitCodes = (done: string, failed: string) => `
Exit codes
  0    ${done}
  1    ${failed}
  2    the command line is wrong, or nothing was checked: nothing was done
  130  canceled with Ctrl-C
`;
const EXIT_CODES = exitCodes('done', 'the command failed; the error says why');

/**
 * Runs one command. What a command needs is loaded for it alone.
 * @returns the exit code
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const end = (code: number | undefined) => {
    exitCode = code ?? 0;
  };
  const program = new Command('rotaform')
    .description('AWS secrets that rotate, declared in Terraform, from TypeScript or HCL.')
    .version(VERSION)
    .helpOption('-h, --help', 'print this, or the options of a command')
    .helpCommand(false)
    .exitOverride()
    .configureHelp({ helpWidth: 120, commandUsage })
    .configureOutput({ outputError: () => {} })
    .addHelpText('after', EXIT_CODES);
  const command = (name: string, about: string, more = '', codes = EXIT_CODES) =>
    program
      .command(name)
      .description(about)
      .helpOption('-h, --help', 'print this')
      .addHelpText('after', `${more === '' ? '' : `\n${more}\n`}${codes}`);

  command(
    'init',
    'Write a project with one secret that rotates, or add one to a CDKTF project or an existing Terraform folder.',
    `Asks for missing options if it can. Never overwrites a file. ${page('use-in-your-repository.md')} shows what it writes.`,
  )
    .option('--target <TARGET>', 'what the secret opens, such as password or postgres; --list-targets lists them')
    .option('--name <NAME>', "the secret's name, such as my-app/db")
    .option('--hcl', 'write plain HCL that uses the Terraform module, and copy the module next to it')
    .option('--format <FORMAT>', 'module or commonjs (default: as package.json says, else module)')
    .option(
      '--package <SPEC>',
      'where the package rotaform comes from, such as ../rotaform-0.1.0.tgz (default: where this one does)',
    )
    .option('--yes', 'do not ask; use the defaults')
    .option('--list-targets', 'list the targets')
    .option('--json', 'print what was written as one line of JSON')
    .action(async (options) => end(await (await import('./init/run-init.ts')).runInit(options)));

  command(
    'start',
    'Deploy main.ts to an AWS on this machine, rotate its secrets, and show what happened.',
    `No AWS account is needed. ${page('local-aws.md')} says what rotaform.local.ts is for.`,
  )
    .argument('[show...]', 'in the repository of Rotaform: one of its shows, such as postgres, and what it takes')
    .option('--json', 'print what happened as one line of JSON, and nothing else')
    .action(async (show, options) => end(await (await import('./start/run-start.ts')).runStart(show, options)));

  command('local', 'Keep an AWS running on this machine, until Ctrl-C. Nothing is kept without --state.')
    .option('--port <N>', 'listen on 127.0.0.1:N; 0 takes any free port', '4566')
    .option('--region <REGION>', 'the default region (default: the one of main.ts with --deploy, or else us-east-1)')
    .option('--host-name <NAME>', 'let programs call it by this name, too, such as host.docker.internal', collected)
    .option('--state <FILE>', 'save everything to this file, and load it at start; it holds secret values')
    .option('--deploy', 'deploy main.ts before it is ready, unless the state file holds something')
    .option('--json', 'print one line of JSON once it is ready, instead of text')
    .option('--events', 'print what CloudTrail would record about its secrets: one line of JSON for each record')
    .option(
      '--fault <FAULT>',
      'make a call by a function fail: ACTION:KIND, such as PutSecretValue:fail-after or GetSecretValue:delay=2000. ' +
        `ACTION * is any action, and KIND is one of ${FAULT_KINDS.join(', ')}. :nth=N starts with the Nth such call, ` +
        ":times=N hits N calls, :attempts=N hits N of the AWS SDK's attempts at a call and lets the next attempt pass, " +
        ':callers=everyone also hits clients',
      collected,
    )
    .action(async (options) => end(await (await import('./local/serve-local.ts')).serveLocal(options)));

  command(
    'rotate',
    'Rotate the secret with that name or ARN now, and show what happened. No value is read.',
    'Takes the AWS credentials, the region and AWS_ENDPOINT_URL of the environment.',
    exitCodes('the new version became AWSCURRENT', 'a step failed, or the time was up'),
  )
    .usage('NAME [options]')
    .argument('[name...]', "the secret's name or ARN")
    .option('--timeout <SECONDS>', 'how long to watch', '120')
    .option('--json', 'print what happened as one line of JSON, and nothing else')
    .action(async (names, options) => end(await (await import('./rotate/run-rotate.ts')).runRotate(names, options)));

  command(
    'status',
    "Show the state of each secret's rotation, with problems first. No value is read.",
    'Without a prefix and --stack it shows every secret of the region that has a rotation.\n' +
      'Takes the AWS credentials, the region and AWS_ENDPOINT_URL of the environment.',
    exitCodes('all is well', 'a secret needs attention'),
  )
    .usage('[PREFIX] [options]')
    .argument('[prefix...]', 'how the names of the secrets begin, such as my-app/')
    .option('--stack <FOLDER>', 'the secrets of a synthesized stack, such as cdktf.out/stacks/my-app')
    .option('--except <NAME>', 'ignore this secret, which should not rotate', collected)
    .option('--watch [SECONDS]', 'look again every 30 seconds, or as often as that, until Ctrl-C')
    .option('--json', 'print what was found as one line of JSON, and nothing else')
    .action(async (prefixes, options) =>
      end(await (await import('./status/run-status.ts')).runStatus(prefixes, options)),
    );

  command(
    'preflight',
    'Say what would make the next rotation of a secret fail, before it starts. Nothing is written to the secret or its target.',
    'Invokes the rotation function, which looks at its target. Takes the AWS credentials, the region and AWS_ENDPOINT_URL of\n' +
      `the environment. ${page('preflight.md')} says what is checked, and what that needs.`,
    exitCodes('nothing was found that would fail', 'something would fail'),
  )
    .usage('NAME [options]')
    .argument('[name...]', "the secret's name or ARN")
    .option('--invoke', 'invoke the function even if its description does not say that it is one of Rotaform')
    .option('--json', 'print what was found as one line of JSON, and nothing else')
    .action(async (names, options) =>
      end(await (await import('./preflight/run-preflight.ts')).runPreflight(names, options)),
    );

  command('synth', 'Write the JSON that Terraform reads, by the command in cdktf.json.')
    .option('--json', 'print the stacks and their folders as one line of JSON')
    .action(async (options) => end(await (await import('./synth/run-synth.ts')).runSynth(options)));

  command(
    'check-stack',
    'Say whether a synthesized stack, such as cdktf.out/stacks/my-app, holds only what is on the list: files, blocks, ' +
      'providers, types, arguments and functions.',
    `A plan of an accepted stack runs no program that the author of main.ts chose. ${page('check-stack.md')} has the list.`,
    exitCodes('the stack is accepted', 'the stack is refused'),
  )
    .usage('FOLDER [options]')
    .argument('[folder...]', 'the folder of a stack')
    .option('--allow <FILE>', 'a list of your own, rotaform.allow.json; take it from the base branch')
    .option('--copy-to <FOLDER>', 'write what was checked, and nothing else, into a new folder')
    .option('--list', 'print the list')
    .option('--json', 'print what is refused as one line of JSON')
    .action(async (folders, options) =>
      end(await (await import('./check-stack/run-check-stack.ts')).runCheckStack(folders, options)),
    );

  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, args);
  }
}

const collected = (value: string, earlier: readonly string[] = []) => [...earlier, value];

/** @returns the exit code */
function report(error: unknown, args: readonly string[]): number {
  if (error instanceof CommanderError) {
    // Help and the version have been printed.
    if (error.exitCode === 0) return 0;
    if (error.code !== 'commander.help') process.stderr.write(`${refusal(error, args)}\n`);
    return 2;
  }
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${colors.red(message)}\n${entryOf(error)}`);
  return error instanceof UsageError ? 2 : 1;
}

/** Where to read on, if a stack was not deployed here. */
function entryOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if (error.name === 'DeployError' && 'code' in error) return `See ${errorEntry('Deploy', String(error.code))}\n`;
  return entryOf(error.cause);
}

/** Where the options of a command are listed. */
function helpFor(name: string): string {
  return COMMANDS.includes(name) ? `Run ${spelled(name, '--help')}.` : `Commands: ${COMMANDS.join(', ')}.`;
}

/** How the commands are written in the help. */
function commandUsage(command: Command): string {
  return command.parent === null ? `rotaform ${command.usage()}` : spelled(command.name(), command.usage());
}

/** What commander found, in our words: one line, and what to do. */
function refusal({ message }: CommanderError, args: readonly string[]): string {
  const [found = '', hint] = message.replace(/^error: /, '').split('\n');
  const sentence = `${found.charAt(0).toUpperCase()}${found.slice(1).replace(/\.?$/, '.')}`;
  const did = hint === undefined ? '' : ` ${hint.replace(/^\((.*)\?\)$/, '$1?')}`;
  const [name = ''] = args;
  return `${sentence}${did} ${helpFor(name)}`;
}
