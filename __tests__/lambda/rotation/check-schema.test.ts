import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { checkEnvironment } from '../../../lambda/rotation/check-environment.ts';
import { checkSchema } from '../../../lambda/rotation/check-schema.ts';
import { plainString, stringFields } from '../../../lambda/rotation/string-fields.ts';

describe('checkSchema', () => {
  const login = v.object({ host: v.string(), port: v.number(), tls: v.object({ ca: v.string() }) });

  it('gives the value as its schema does', async () => {
    const trimmed = v.pipe(v.string(), v.trim());
    await expect(checkSchema(trimmed, ' x ', 'It')).resolves.toBe('x');
  });

  it('names every path, what was expected and the kind that was found, and no value', async () => {
    const refused = checkSchema(login, { host: 7, port: 'hunter2', tls: { ca: ['hunter2'] } }, 'AWSCURRENT of db');
    await expect(refused).rejects.toThrow(
      'AWSCURRENT of db is not as expected: "host": expected string, found a number; ' +
        '"port": expected number, found a string; "tls.ca": expected string, found an array.',
    );
    await expect(refused).rejects.not.toThrow(/hunter2/);
    await expect(refused).rejects.toMatchObject({ code: 'SECRET_VALUE' });
  });

  it('finds its way where the value has no such path', async () => {
    await expect(checkSchema(login, null, 'It')).rejects.toThrow('the whole value: expected Object, found null');
  });

  it('does not pass on the message of a schema library', async () => {
    const quoting = v.check(
      (value: string) => value.length > 100,
      (issue) => `bad: ${issue.input}`,
    );
    await expect(checkSchema(v.pipe(v.string(), quoting), 'hunter2', 'It')).rejects.toThrow(
      'the whole value: expected another value, found a string',
    );
  });
});

describe('checkEnvironment', () => {
  it('refuses as CONFIGURATION', async () => {
    const refused = checkEnvironment(v.object({ API_URL: v.string() }), {});
    await expect(refused).rejects.toMatchObject({ code: 'CONFIGURATION' });
    await expect(refused).rejects.toThrow(`The function's environment is not as expected: "API_URL" is missing.`);
  });
});

describe('stringFields', () => {
  it('lets other fields through', async () => {
    const document = { username: 'app', extra: 1 };
    await expect(checkSchema(stringFields('username'), document, 'It')).resolves.toBe(document);
  });

  it('says which field is missing', async () => {
    await expect(checkSchema(stringFields('username'), {}, 'It')).rejects.toThrow(
      'It is not as expected: "username" is missing.',
    );
  });

  it.each([[{ username: '' }], [{ username: 1 }], [{ username: null }]])('refuses %j', async (document) => {
    await expect(checkSchema(stringFields('username'), document, 'It')).rejects.toThrow(
      '"username": expected a string, found',
    );
  });
});

describe('plainString', () => {
  it('refuses an empty string', async () => {
    await expect(checkSchema(plainString, '', 'It')).rejects.toThrow('expected a string, found an empty string');
    await expect(checkSchema(plainString, 'x', 'It')).resolves.toBe('x');
  });
});
