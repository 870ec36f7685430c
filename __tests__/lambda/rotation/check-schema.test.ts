import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { checkSchema } from '../../../lambda/rotation/check-schema.ts';
import { plainString, stringFields } from '../../../lambda/rotation/string-fields.ts';

describe('checkSchema', () => {
  it('returns the value as its schema does', async () => {
    const trimmed = v.pipe(v.string(), v.trim());
    await expect(checkSchema(trimmed, ' x ', 'It')).resolves.toBe('x');
  });

  it('refuses any other value as SECRET_VALUE, and says which value it is and what is wrong with it', async () => {
    const refused = checkSchema(v.object({ port: v.number() }), { port: 'hunter2' }, 'AWSCURRENT of db');
    await expect(refused).rejects.toMatchObject({
      code: 'SECRET_VALUE',
      message: 'AWSCURRENT of db is not as expected: "port": expected number, found a string.',
    });
  });
});

describe('stringFields', () => {
  it('keeps other fields', async () => {
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
