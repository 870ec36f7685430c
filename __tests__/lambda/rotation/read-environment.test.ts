import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { readEnvironment, stringFields } from '../../../lambda/rotation/index.ts';

const refusal = (work: () => unknown) => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('readEnvironment', () => {
  it('returns what a schema makes of the variables', () => {
    const schema = v.object({ RETRIES: v.pipe(v.string(), v.transform(Number)) });
    expect(readEnvironment(schema, { RETRIES: '3', OTHER: 'x' })).toEqual({ RETRIES: 3 });
  });

  it('returns what a function makes of the variables', () => {
    expect(readEnvironment(({ RETRIES }) => Number(RETRIES), { RETRIES: '3' })).toBe(3);
  });

  it('names each variable that a schema refuses, and not its value', () => {
    const schema = v.object({ API_URL: v.string(), TOKEN: v.pipe(v.string(), v.minLength(99)) });
    expect(refusal(() => readEnvironment(schema, { TOKEN: 'hunter2' }))).toMatchObject({
      code: 'CONFIGURATION',
      message:
        'The function\'s environment is not as expected: "API_URL" is missing; "TOKEN": expected >=99, found a string.',
    });
  });

  it('needs no schema library to require variables', () => {
    const schema = stringFields('API_URL');
    expect(readEnvironment(schema, { API_URL: 'https://x' }).API_URL).toBe('https://x');
    expect(refusal(() => readEnvironment(schema, { API_URL: '' }))).toMatchObject({ code: 'CONFIGURATION' });
  });

  it('accepts a schema that is itself a function, as some libraries make them', () => {
    const schema = Object.assign(() => 'not to be called', stringFields('API_URL'));
    expect(readEnvironment(schema, { API_URL: 'https://x' })).toEqual({ API_URL: 'https://x' });
  });

  it('turns a function’s RangeError into CONFIGURATION, and leaves other errors alone', () => {
    const out = () =>
      readEnvironment(() => {
        throw new RangeError('RETRIES is "x": expected a number.');
      }, {});
    expect(refusal(out)).toMatchObject({ code: 'CONFIGURATION', message: 'RETRIES is "x": expected a number.' });
    const bug = new TypeError('x is not a function');
    expect(
      refusal(() =>
        readEnvironment(() => {
          throw bug;
        }, {}),
      ),
    ).toBe(bug);
  });

  it('refuses an asynchronous schema', () => {
    const schema = v.pipeAsync(
      v.object({}),
      v.checkAsync(async () => true),
    );
    expect(refusal(() => readEnvironment(schema, {}))).toMatchObject({
      message: 'The schema of the environment is asynchronous. Use a synchronous one.',
    });
  });
});
