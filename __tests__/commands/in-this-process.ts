import { stripVTControlCharacters } from 'node:util';
import { vi } from 'vitest';
import { runCommandLine } from '../../commands/command-line.ts';

export interface Printed {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One command in the test's own process, with the environment of an account and nothing else of AWS's. */
export async function inThisProcess(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Printed> {
  for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const printed = { stdout: '', stderr: '' };
  const writes = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed[stream] += text;
      return true;
    }),
  );
  const spies = [
    ...writes,
    vi.spyOn(console, 'log').mockImplementation((text) => {
      printed.stdout += `${text}\n`;
    }),
  ];
  try {
    const exitCode = await runCommandLine(args);
    return {
      exitCode,
      stdout: stripVTControlCharacters(printed.stdout),
      stderr: stripVTControlCharacters(printed.stderr),
    };
  } finally {
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
  }
}
