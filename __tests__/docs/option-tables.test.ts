import { describe, expect, it } from 'vitest';
import { completePasswordOptions } from '../../rules/password/password-options.ts';
import { codesIn, readPage, tableOf } from './pages.ts';

/** The password of a target has these, too: docs/password.md lists them. */
const OF_A_PASSWORD = Object.keys(completePasswordOptions({}));

/** Tables of options: the page, which of its tables, its interfaces, and what the page says elsewhere. */
const TABLES: readonly (readonly [page: string, nth: number, of: string, elsewhere: readonly string[]])[] = [
  ['docs/options.md', 0, 'RotatedSecretProps', ['rotation']],
  ['docs/options.md', 1, 'RotationFunctionOptions', []],
  ['docs/postgres.md', 0, 'PostgresRotationOptions', OF_A_PASSWORD],
  ['docs/mysql.md', 0, 'MysqlRotationOptions', OF_A_PASSWORD],
  ['docs/google.md', 0, 'GoogleAccessTokenOptions', []],
  ['docs/oauth.md', 0, 'OauthTokenRotationOptions Auth0RotationOptions', []],
];

/** The properties of a public interface, with their defaults. */
function propertiesOf(type: string): Map<string, string | undefined> {
  const [, section = ''] =
    new RegExp(`^### ${type}\\n(.*?)(?=^### )`, 'ms').exec(readPage('docs/api/rotaform.md')) ?? [];
  const parts = section.split(/^##### /m).slice(1);
  return new Map(
    parts.map((part) => [/^\w+/.exec(part)?.[0] ?? '', /^###### Default\n+```ts\n(.*?)\n```/ms.exec(part)?.[1]]),
  );
}

/** What can be compared: a number, a boolean, a text in quotes, or none. */
const LITERAL = /^('.*'|\d+|true|false|none)$/;

describe('A table of options has each option, and no other, with its default:', () => {
  it.each(TABLES)('%s, table %i: %s', (page, nth, type, elsewhere) => {
    const properties = new Map(type.split(' ').flatMap((each) => [...propertiesOf(each)]));
    expect(properties.size).toBeGreaterThan(5);
    const rows = tableOf(page, /^option/, nth);
    const named = rows.flatMap(([cell = '']) => codesIn(cell).map((code) => /^\w+/.exec(code)?.[0] ?? ''));
    const written = named.filter((name) => !elsewhere.includes(name));
    expect(written.sort()).toEqual([...properties.keys()].filter((name) => !elsewhere.includes(name)).sort());
    for (const name of elsewhere)
      if (!OF_A_PASSWORD.includes(name))
        expect({ name, isNamed: readPage(page).includes(name) }).toEqual({ name, isNamed: true });
    for (const [cell = '', byDefault = ''] of rows) {
      const [name = '', ...others] = codesIn(cell);
      const expected = properties.get(name);
      const says = codesIn(byDefault)[0] ?? byDefault;
      // Several options in one row, or a default that depends on something.
      if (others.length > 0 || expected === undefined || !LITERAL.test(expected)) continue;
      // A page explains what none means.
      if (expected === 'none') expect(says, name).not.toMatch(/^('.*'|\d+|true|false)$/);
      else if (LITERAL.test(says)) expect(says.replaceAll("'", ''), name).toBe(expected.replaceAll("'", ''));
    }
  });

  it('docs/password.md', () => {
    const { excludeCharacters, ...defaults } = completePasswordOptions({}) as unknown as Readonly<
      Record<string, unknown>
    >;
    const rows = tableOf('docs/password.md', /^option$/);
    const written = rows.flatMap(([cell = '', value = '']) =>
      codesIn(cell).map((name) => [name, (codesIn(value)[0] ?? value).replace(/^'(.*)'$/, '$1')] as const),
    );
    expect(
      Object.fromEntries(written.filter(([name]) => !['excludeCharacters', 'field', 'format'].includes(name))),
    ).toEqual(Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, String(value)])));
    expect(Object.fromEntries(written).excludeCharacters).toBe(excludeCharacters);
  });
});
