import { describe, expect, it } from 'vitest';
import { helpOf } from './help-of.ts';
import { codesIn, readPage, tableOf } from './pages.ts';

/** Tables that say what a command takes: the page, and the command. */
const OPTIONS = [
  ['docs/local-aws.md', 'local'],
  ['docs/preflight.md', 'preflight'],
  ['docs/status.md', 'status'],
] as const;

/** Tables of how a command ends. */
const EXIT_CODES = [
  ['docs/rotate-now.md', 'rotate'],
  ['docs/preflight.md', 'preflight'],
  ['docs/status.md', 'status'],
  ['docs/check-stack.md', 'check-stack'],
  ['docs/use-in-your-repository.md', 'init'],
] as const;

/** Only `init` asks something, so no other page speaks of Ctrl-C. */
const CANCELED = '130';

describe('The help of a command', () => {
  it.each(OPTIONS)('has the options of %s: %s', async (page, command) => {
    const { options } = await helpOf(command);
    const written = tableOf(page, /^option$/).map(([option = '']) => (codesIn(option)[0] ?? '').split(' '));
    expect(written.map(([name]) => name).sort()).toEqual(
      [...options.keys()].filter((name) => name !== '--help').sort(),
    );
    for (const [name = '', value] of written)
      expect(options.get(name), name).toMatch(value === undefined ? /none|optional/ : /required/);
  });

  it.each(EXIT_CODES)('has the exit codes of %s: %s', async (page, command) => {
    const { exitCodes } = await helpOf(command);
    const expected = command === 'init' ? exitCodes : exitCodes.filter((code) => code !== CANCELED);
    expect([...new Set(tableOf(page, /^(exit code|(it )?ends with)$/).map(([code = '']) => code))]).toEqual(expected);
  });

  it('has the commands of docs/use-in-your-repository.md', async () => {
    const written = tableOf('docs/use-in-your-repository.md', /^command$/).map(
      ([cell = '']) => cell.split(' ')[2] ?? '',
    );
    const { text } = await helpOf('');
    const [, commands = ''] = text.split('Commands:\n');
    const known = [...commands.matchAll(/^ {2}([\w-]+) /gm)].map(([, name = '']) => name.replaceAll('`', ''));
    expect(written.map((name) => name.replaceAll('`', ''))).toEqual(
      expect.arrayContaining(known.filter((name) => !/^\d+$/.test(name))),
    );
  });

  it('says how long rotate watches and how often status looks again, as the pages do', async () => {
    const seconds = /default: "(\d+)"/.exec((await helpOf('rotate')).text)?.[1];
    expect(readPage('docs/rotate-now.md')).toMatch(new RegExp(`\\b${seconds} seconds, or .*--timeout SECONDS`));
    const interval = /every (\d+) seconds/.exec((await helpOf('status')).text)?.[1];
    expect(readPage('docs/status.md')).toMatch(new RegExp(`--watch.*every ${interval} seconds`));
  });
});
