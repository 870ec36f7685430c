import { describe, expect, it } from 'vitest';
import { isRefusedLogin, retryOptions } from '../../client/adapter-options.ts';
import { warnings } from './answering-client.ts';

const error = (message: string, fields: object = {}) => Object.assign(new Error(message), fields);

function ownCause() {
  const found = error('it failed');
  found.cause = found;
  return found;
}

describe('isRefusedLogin', () => {
  it.each([
    ['PostgreSQL: a wrong password', error('password authentication failed', { code: '28P01' })],
    ['PostgreSQL: in another language', error('Passwort-Authentifizierung fehlgeschlagen', { code: '28P01' })],
    ['PostgreSQL: a login that is not allowed', error('role "app" is not permitted to log in', { code: '28000' })],
    ['mysql2', error('Access denied for user', { code: 'ER_ACCESS_DENIED_ERROR' })],
    ['mariadb', error('Access denied for user', { errno: 1045 })],
    ['PgBouncer with SCRAM', error('SASL authentication failed', { code: '08P01' })],
    ['PgBouncer with another method', error('password authentication failed', { code: '08P01' })],
    ['PgBouncer, of its own login', error('server login has been failing, try again later', { code: '08P01' })],
    ['PgBouncer, of its own login, at once', error('server login failed: FATAL …', { code: '08P01' })],
    ['Redis', error('WRONGPASS invalid username-password pair or user is disabled.')],
    ['Sequelize, which wraps it as parent', error('it failed', { parent: error('', { code: '28P01' }) })],
    ['whatever wraps it as cause', new Error('it failed', { cause: error('', { code: '28P01' }) })],
  ])('knows %s', (_, found) => {
    expect(isRefusedLogin(found)).toBe(true);
  });

  it.each([
    ['a database that is not there', error('database "shop" does not exist', { code: '3D000' })],
    ['a protocol violation of another kind', error('unsupported startup parameter', { code: '08P01' })],
    ['a lost connection', error('read ECONNRESET', { code: 'ECONNRESET', errno: -104 })],
    ['words within a longer message', error('SELECT 1 -- WRONGPASS')],
    ['what is no error', { code: '28P01' }],
    ['nothing', undefined],
    ['an error that is its own cause', ownCause()],
  ])('is not misled by %s', (_, found) => {
    expect(isRefusedLogin(found)).toBe(false);
  });
});

describe('The options of an adapter', () => {
  const busy = error('too many connections', { code: '53300' });

  it('refused: adds what the application calls a refusal to what is one anyway', () => {
    const { refused } = retryOptions({ refused: (found) => (found as { code?: string }).code === '53300' });
    expect(refused(busy)).toBe(true);
    expect(refused(error('', { code: '28P01' }))).toBe(true);
    expect(refused(new Error('another'))).toBe(false);
    expect(retryOptions({}).refused(busy)).toBe(false);
  });

  it('refused: means it only if it returns true', () => {
    // @ts-expect-error: no boolean
    expect(retryOptions({ refused: () => 'perhaps' }).refused(busy)).toBe(false);
  });

  it('refused: does not count as a refusal if it throws, and a warning says so without the message', () => {
    const heard = warnings();
    const refused = () => {
      throw new TypeError('of s3cret');
    };
    expect(retryOptions({ refused }).refused(busy)).toBe(false);
    expect(heard).toEqual(['The option refused failed: TypeError.']);
  });

  it('timeoutSeconds: is passed on if it is set', () => {
    expect(retryOptions({ timeoutSeconds: 0 })).toEqual({ refused: expect.any(Function), timeoutSeconds: 0 });
    expect(Object.keys(retryOptions({}))).toEqual(['refused']);
  });
});
