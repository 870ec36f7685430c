import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Schedule } from '../../constructs/index.ts';
import { OnRotated } from '../../constructs/on-rotated.ts';
import { googleRefusal } from '../../lambda/google-access-token/google-refusal.ts';
import { mysqlError } from '../../lambda/mysql/mysql-error.ts';
import { checkTokenLifetime } from '../../rules/token-lifetime.ts';
import { codesIn, readPage, tableOf } from './pages.ts';

const HOUR = 3_600;

/** What a page writes in code. */
const evaluated = (code: string): Schedule => new Function('Schedule', `return ${code}`)(Schedule);

describe('What a table says, the code answers:', () => {
  it('each schedule of docs/schedule.md opens when the page says', () => {
    const rows = tableOf('docs/schedule.md', /^you want$/);
    let compared = 0;
    for (const [, cell = '', when = ''] of rows) {
      const code = codesIn(cell).find((each) => each.startsWith('Schedule.')) ?? '';
      if (cell.includes('is an error')) {
        expect(() => evaluated(code)).toThrow();
        continue;
      }
      const [window] = evaluated(code).next(1);
      const [, opens, closes] = /(\d\d:\d\d)–(\d\d:\d\d)/.exec(when) ?? [];
      const at = (date: Date | undefined) => date?.toISOString().slice(11, 16);
      if (opens !== undefined) expect([at(window?.opens), at(window?.closes)], code).toEqual([opens, closes]);
      else if (when.includes('of that UTC day'))
        expect([at(window?.opens), at(window?.closes)]).toEqual(['00:00', '00:00']);
      else if (when.includes('first hour')) expect(Number(window?.closes) - Number(window?.opens)).toBe(HOUR * 1_000);
      else expect(when).toBe('every Sunday');
      compared += 1;
    }
    expect(compared).toBeGreaterThan(5);
  });

  it('each schedule of docs/oauth.md keeps a token of that life alive', () => {
    for (const [life = '', cell = ''] of tableOf('docs/oauth.md', /^token$/)) {
      const lifeSeconds = Number(/^(\d+) h/.exec(life)?.[1]) * HOUR;
      const code = codesIn(cell)[0] ?? '';
      const minutes = /refreshEveryMinutes: (\d+)/.exec(cell)?.[1];
      const rules = minutes === undefined ? evaluated(code).rules : { refreshEveryMinutes: Number(minutes) };
      expect(checkTokenLifetime(lifeSeconds, rules), cell).toBeUndefined();
      if (minutes !== undefined)
        expect(checkTokenLifetime(lifeSeconds, Schedule.rate({ hours: 4 }).rules)).toBeDefined();
      const atMost = Number(/at most (\d+)$/.exec(cell)?.[1]);
      if (Number.isNaN(atMost)) continue;
      expect(checkTokenLifetime(lifeSeconds, Schedule.rate({ hours: atMost }).rules)).toBeUndefined();
      expect(checkTokenLifetime(lifeSeconds, Schedule.rate({ hours: atMost + 1 }).rules)).toBeDefined();
    }
    expect(checkTokenLifetime(25 * HOUR, Schedule.rate({ days: 1 }).rules)).toBeDefined();
  });

  it('each life of docs/google.md is renewed in time', () => {
    for (const [life = '', , cell = ''] of tableOf('docs/google.md', /^`lifetimeSeconds`$/)) {
      const lifeSeconds = Number.parseInt(life, 10);
      const [, atMost] = /at most (\d+)/.exec(cell) ?? [];
      if (atMost === undefined) {
        expect(checkTokenLifetime(lifeSeconds, evaluated(codesIn(cell)[0] ?? '').rules)).toBeUndefined();
        continue;
      }
      expect(checkTokenLifetime(lifeSeconds, { refreshEveryMinutes: Number(atMost) })).toBeUndefined();
      expect(checkTokenLifetime(lifeSeconds, { refreshEveryMinutes: Number(atMost) + 1 })).toBeDefined();
    }
  });

  it('each number of docs/mysql.md gets the code of its row', () => {
    const database = { host: 'db', port: 3306, dbname: 'app', username: 'app', ssl: true } as unknown as Parameters<
      typeof mysqlError
    >[1];
    let compared = 0;
    for (const [cell = '', said = ''] of tableOf('docs/mysql.md', /^code$/).filter(([, said]) =>
      /\d{4}/.test(said ?? ''),
    )) {
      const codes = codesIn(cell);
      for (const [number] of said.matchAll(/\b[1-4]\d{3}\b/g)) {
        const answers = [false, true].map(
          (isStatement) =>
            mysqlError(Object.assign(new Error('read-only'), { errno: Number(number) }), database, 'it', {
              isStatement,
            }).code,
        );
        expect(
          answers.filter((code) => codes.includes(code)),
          `${number} is ${answers}`,
        ).not.toEqual([]);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(20);
  });

  it('each refusal of docs/google.md gets the code of its row', () => {
    const rows = tableOf('docs/google.md', /^Google says$/);
    expect(rows.length).toBeGreaterThan(4);
    for (const [said = '', cell = ''] of rows) {
      for (const words of codesIn(said)) {
        const { code } = googleRefusal({ status: 400, said: words } as never, 'it');
        expect(code, words).toBe(codesIn(cell)[0]);
      }
    }
  });

  it('each follower of docs/on-rotated.md can be declared, and no other', () => {
    const named = tableOf('docs/on-rotated.md', /^follower$/).map(
      ([cell = '']) => /OnRotated\.(\w+)/.exec(cell)?.[1] ?? '',
    );
    const all = Object.getOwnPropertyNames(OnRotated).filter((name) => !['length', 'name', 'prototype'].includes(name));
    expect(named.sort()).toEqual(all.sort());
  });

  it('each event of docs/audit.md is one of CloudTrail, and each that the local AWS records is on the page', () => {
    const source = readFileSync('local/cloudtrail/cloud-trail-record.ts', 'utf8');
    const recorded = [...source.matchAll(/: '(Rotation\w+)'/g)].map(([, name = '']) => name);
    const named = tableOf('docs/audit.md', /^`eventName`$/).flatMap(([cell = '']) => codesIn(cell));
    expect(recorded.length).toBeGreaterThan(3);
    expect(named).toEqual(expect.arrayContaining(recorded));
    // What a rule of the alarms waits for.
    const [, rule = ''] =
      /eventName: \[([^\]]+)\]/.exec(readFileSync('constructs/alarms/failure-rules.ts', 'utf8')) ?? [];
    expect(named).toEqual(expect.arrayContaining([...rule.matchAll(/'(\w+)'/g)].map(([, name = '']) => name)));
  });

  it('each metric of docs/read-observe.md is made, and no other', () => {
    const source = readFileSync('client/opentelemetry.ts', 'utf8');
    const made = [...source.matchAll(/(?:create\w+\(\s*|: \[)'(rotaform\.[\w.]+)'/g)].map(([, name = '']) => name);
    const named = tableOf('docs/read-observe.md', /^metric$/).map(([cell = '']) => codesIn(cell)[0] ?? '');
    expect(named.sort()).toEqual(made.sort());
  });

  it('each privilege that docs/mysql.md calls harmless is, and no other', () => {
    const [, list = ''] = /const HARMLESS = \[(.*?)\n\];/s.exec(readFileSync('lambda/mysql/power.ts', 'utf8')) ?? [];
    const harmless = [...list.matchAll(/'([\w ]+)'/g)].map(([, name = '']) => name);
    const [, said = ''] =
      /may have only what is harmless: (.*?)\. Anything else/s.exec(readPage('docs/mysql.md')) ?? [];
    const named = codesIn(said.replaceAll(/\s+/g, ' '));
    // USAGE is what everybody has: none.
    const flushes = harmless.filter((name) => name.startsWith('FLUSH_'));
    const expected = harmless.filter((name) => name !== 'USAGE' && !flushes.includes(name));
    expect(named.filter((name) => name !== 'FLUSH_…').sort()).toEqual(expected.sort());
    expect(named).toContain('FLUSH_…');
  });
});
