import { vi } from 'vitest';
import { runCommandLine } from '../../commands/command-line.ts';

interface Help {
  readonly text: string;
  /** Whether each option takes a value. */
  readonly options: ReadonlyMap<string, 'none' | 'optional' | 'required'>;
  /** Whether it takes anything but options. */
  readonly hasArguments: boolean;
  readonly exitCodes: readonly string[];
}

/** What `rotaform COMMAND --help` prints; without a command, what `rotaform --help` prints. */
export async function helpOf(command: string): Promise<Help> {
  let text = '';
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += chunk;
    return true;
  });
  try {
    await runCommandLine([...(command === '' ? [] : [command]), '--help']);
  } finally {
    spy.mockRestore();
  }
  const options = [...text.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)(?: (<)?(\[)?)?/gm)].map(
    ([, name = '', isRequired, isOptional]) =>
      [name, isRequired ? 'required' : isOptional ? 'optional' : 'none'] as const,
  );
  const [usage = ''] = text.split('\n\n');
  const [, codes = ''] = text.split('Exit codes\n');
  return {
    text,
    options: new Map(options),
    hasArguments: /NAME|PREFIX|FOLDER|\[show/.test(usage),
    exitCodes: [...codes.matchAll(/^ {2}(\d+) /gm)].map(([, code = '']) => code),
  };
}

/** Why the command line would refuse these arguments; undefined if it takes them. */
export async function refusedArguments([command = '', ...args]: readonly string[]): Promise<string | undefined> {
  const { options, hasArguments } = await helpOf(command);
  if (options.size === 0) return `no command ${command}`;
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    const takes = arg.startsWith('-') ? options.get(arg) : 'argument';
    if (takes === undefined) return `${command} has no option ${arg}`;
    if (takes === 'argument' && !hasArguments) return `${command} takes no ${arg}`;
    const hasValue = args[index + 1] !== undefined && !args[index + 1]?.startsWith('-');
    if (takes === 'required' && !hasValue) return `${command} ${arg} needs a value`;
    if (takes === 'required' || (takes === 'optional' && hasValue)) index += 1;
  }
  return undefined;
}
