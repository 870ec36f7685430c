import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { EphemeralVariable, StaticSecret } from '../../../constructs/index.ts';
import { changeOf } from '../../../lambda/rotation/nested-change.ts';
import { changeDocument } from '../../../lambda/rotation/secret-document.ts';
import { valueAt } from '../../../rules/json-pointer.ts';
import { blockOf } from '../../constructs/stack-json.ts';
import { synthesize } from '../../constructs/synthesize.ts';
import { providers } from '../oauth-providers.ts';
import { codesIn, readPage } from '../pages.ts';
import type { Judge } from './judges.ts';

/** Which place of a secret an option `field` changes: each row as a rotation does it. */
export const fields: Judge = (table) => {
  const before = { password: 'old', signingKey: 'old', db: { password: 'old' }, users: [{ password: 'old' }] };
  const places: Readonly<Record<string, readonly string[][]>> = {
    "'password'": [['password']],
    "['password', 'signingKey']": [['password'], ['signingKey']],
    "'/db/password'": [['db', 'password']],
    "'/users/0/password'": [['users', '0', 'password']],
    "'/db.password'": [['db.password']],
    "'db.password'": [['db.password']],
  };
  expect(table.map(([cell = '']) => codesIn(cell)[0])).toEqual(Object.keys(places));
  for (const [cell = '', changes = ''] of table) {
    const code = codesIn(cell)[0] ?? '';
    const names: string[] = [new Function(`return ${code}`)()].flat();
    const change = (document: object) => {
      const text = JSON.stringify(document);
      const values = Object.fromEntries(names.map((name) => [name, 'new']));
      return JSON.parse(changeDocument(text, changeOf(document, values, 'it')));
    };
    const isError = changes.includes('otherwise an error');
    if (isError) expect(() => change(before)).toThrow('/db/password');
    const after = change(isError ? { ...before, 'db.password': 'old' } : before);
    expect(places[code]?.map((place) => valueAt(after, place))).toEqual(names.map(() => 'new'));
    expect(JSON.stringify(after).match(/"new"/g)).toHaveLength(names.length);
  }
};

/** What `initial` may be: each row as a StaticSecret. */
export const initialValues: Judge = (table) => {
  const declared = (initial: unknown, publicFields?: readonly string[]) => () =>
    synthesize((stack) => {
      const variable = new EphemeralVariable(stack, 'given', 'As it is').stringValue;
      const value = typeof initial === 'function' ? initial(variable) : initial;
      const props = {
        name: 'my-app/it',
        ...(value !== undefined && { initial: value }),
        ...(publicFields && { publicFields }),
      };
      new StaticSecret(stack, 'it', props as ConstructorParameters<typeof StaticSecret>[2]);
    });
  const versionOf = (stack: ReturnType<typeof synthesize>) => blockOf(stack, 'aws_secretsmanager_secret_version');
  const judges: Readonly<Record<string, () => unknown>> = {
    'left out': () => expect(declared(undefined)().resource).not.toHaveProperty('aws_secretsmanager_secret_version'),
    'the `stringValue`': () =>
      expect(versionOf(declared((variable: string) => variable)())).toMatchObject({
        secret_string_wo: `\${var.given}`,
      }),
    'an object': () =>
      expect(String(versionOf(declared((variable: string) => ({ key: variable }))()).secret_string_wo)).toMatch(
        /jsonencode.*var\.given/,
      ),
    'an object with literals': () => {
      declared({ key: 'literal' }, ['key'])();
      expect(declared({ key: 'literal' })).toThrow();
    },
    'a literal string': () => expect(declared('literal')).toThrow(),
  };
  expect(table.map(([cell = '']) => Object.keys(judges).findLast((each) => cell.startsWith(each)))).toEqual(
    Object.keys(judges),
  );
  for (const judge of Object.values(judges)) judge();
};

/** The fields of a token that is stored. */
export const storedFields: Judge = (table) => {
  const [, stored = ''] =
    /interface StoredToken \{\n(.*?)^\}/ms.exec(readFileSync('lambda/oauth-token.ts', 'utf8')) ?? [];
  const names = [...stored.matchAll(/readonly (\w+)\??:/g)].map(([, name]) => name);
  expect(table.map(([cell = '']) => codesIn(cell)[0])).toEqual(names);
};

/** Each provider of docs/oauth.md, with the page of its own that the stand-in was written from. */
export const providerSources: Judge = (table, page) => {
  const links = new Map(
    [...readPage(page).matchAll(/^\[([^\]]+)\]: (\S+)$/gm)].map(([, name = '', url]) => [name, url]),
  );
  expect(table.map(([cell = '']) => links.get(cell.slice(1, -1)))).toEqual(
    Object.values(providers).map(({ source }) => source),
  );
};
