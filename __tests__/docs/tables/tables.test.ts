import { describe, expect, it } from 'vitest';
import { pages, tablesOf } from '../pages.ts';
import { OF_COMMANDS } from './of-commands.ts';
import { OF_PROJECTS, type Tables } from './of-projects.ts';
import { OF_TARGETS } from './of-targets.ts';
import { OF_TASKS } from './of-tasks.ts';

const KNOWN: Tables = { ...OF_PROJECTS, ...OF_TARGETS, ...OF_TASKS, ...OF_COMMANDS };

describe('Each table of a page is known, and compared with the code:', () => {
  it.each([...pages, 'SECURITY.md'])('%s', async (page) => {
    const tables = tablesOf(page);
    const known = KNOWN[page] ?? [];
    const heads = tables.map(([head = []]) => head.join(' | ').trim());
    expect(heads.map((head, index) => (head.startsWith(known[index]?.[0] ?? '?') ? known[index]?.[0] : head))).toEqual(
      known.map(([head]) => head),
    );
    for (const [index, [, judge]] of known.entries()) await judge((tables[index] ?? []).slice(2), page);
  });

  it('and no other table is', () => {
    expect(Object.keys(KNOWN).filter((page) => ![...pages, 'SECURITY.md'].includes(page))).toEqual([]);
  });
});
