import { randomUUID } from 'node:crypto';
import { PutSecretValueCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, it, vi } from 'vitest';
import { isForDriver } from '../../lambda/postgres/sasl-prep.ts';
import { scramVerifier } from '../../lambda/postgres/scram-verifier.ts';
import { holdingProxy } from '../lambda/postgres/holding-proxy.ts';
import {
  ALTERNATING,
  type RotatedUser,
  rotatedUser,
  SINGLE,
  SINGLE_BY_ADMIN,
} from '../lambda/postgres/rotated-user.ts';
import { describeOnPostgres, describeOnRds, POSTGRES_VERSIONS } from '../postgres-versions.ts';
import { rdsServer } from '../rds-server.ts';

const server = await rdsServer({ settings: { log_statement: 'all', log_connections: 'on' } });
const SEED = Number(process.env.ROTAFORM_SEED ?? Date.now() % 2 ** 31);

/** Characters that SASLprep maps, drops, prohibits, does not know, or reads from right to left. */
const ODD = [
  ...['\u00AD', '\u200B', '\uFE0F', '\u2060', '\u00A0', '\u3000', 'ﬁ', 'Ⅸ', 'é', 'ñ', 'ℵ', 'א', 'ب', '\u0378'],
  ...['😀', '\u202E', '\uE000', '\u0007', 'a', '1', ' '],
];
const oddText = fc.oneof(
  fc.array(fc.constantFrom(...ODD), { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }).filter((text) => !text.includes('\0')),
);

async function store(user: RotatedUser, change: Readonly<Record<string, unknown>>): Promise<void> {
  const SecretString = JSON.stringify({ ...JSON.parse((await user.value()) ?? '{}'), ...change });
  await user.client.send(new PutSecretValueCommand({ SecretId: user.secretArn, SecretString }));
}

/** Only a superuser sees a verifier. */
describeOnPostgres(`A password with unusual characters (seed ${SEED})`, POSTGRES_VERSIONS, (each) => {
  it('has the same verifier as in PostgreSQL itself, and is told apart from one that the driver cannot log in with', async () => {
    const client = await each.login(each);
    await client.query(`SET password_encryption = 'scram-sha-256'; CREATE ROLE oracle LOGIN`);
    for (const password of fc.sample(oddText, { seed: SEED, numRuns: 100 })) {
      await client.query(`ALTER ROLE oracle PASSWORD ${pg.escapeLiteral(password)}`);
      const { rows } = await client.query(`SELECT rolpassword FROM pg_authid WHERE rolname = 'oracle'`);
      const [, iterations, salt = ''] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(rows[0].rolpassword) ?? [];
      const options = { iterations: Number(iterations), salt: Buffer.from(salt, 'base64') };
      expect(await scramVerifier(password, options), JSON.stringify(password)).toBe(rows[0].rolpassword);
      const isAccepted = await each.accepts({ username: 'oracle', password });
      expect(isAccepted, JSON.stringify(password)).toBe(isForDriver(password));
    }
    await client.end();
  });
});

describe('A live password with unusual characters', { timeout: 120_000 }, () => {
  it('works again if the proof fails: its verifier is the same as before', async () => {
    const passwords = ['soft\u00ADhyphen', 'zero\u200Bwidth', 'selector\uFE0F'];
    const proxies = await Promise.all(passwords.map(() => holdingProxy(server)));
    await Promise.all(
      passwords.map(async (password, at) => {
        const { port = 0, holdAfter, cut } = proxies[at] ?? {};
        const user = await rotatedUser({ ...server, port }, { environment: SINGLE });
        const { username } = user.first;
        await server.query(`ALTER ROLE ${username} PASSWORD '${password}'`);
        await store(user, { password });
        const verifier = `SELECT rolpassword FROM pg_authid WHERE rolname = '${username}'`;
        const before = await server.superuser.query(verifier);
        holdAfter?.(1);
        const rotation = user.failure();
        await vi.waitFor(async () => expect(await server.superuser.query(verifier)).not.toEqual(before), 20_000);
        cut?.('refuse');
        expect(await rotation).toMatchObject({ code: 'NETWORK' });
        expect(await server.superuser.query(verifier), password).toEqual(before);
        expect(await server.accepts({ username, password })).toBe(true);
      }),
    );
  });

  it.each([
    ['א and the ligature ﬁ', false],
    ['an unassigned \u0378 and ﬁ', false],
    ['a private \uE000 and ﬁ', false],
    ['a soft\u00ADhyphen and 😀', false],
    ['a decomposed e\u0301 and Ⅸ', true],
  ])('%j logs in, or is refused before anything is changed', async (password, isAccepted) => {
    const user = await rotatedUser(server, { environment: SINGLE });
    await server.query(`ALTER ROLE ${user.first.username} PASSWORD ${pg.escapeLiteral(password)}`);
    await store(user, { password });
    const from = server.log().length;
    const failure = await user.failure();
    if (isAccepted) return expect(failure).toBeUndefined();
    const message = expect.stringMatching(/driver cannot log in with, although psql can/);
    expect(failure).toMatchObject({ code: 'CONFIGURATION', message });
    expect(server.log().slice(from)).not.toContain('ALTER ROLE');
  });
});

describe('Alternating users', { timeout: 120_000 }, () => {
  it.each(['current', 'other'])('continue if the %s one is missing in the database', async (which) => {
    const user = await rotatedUser(server, { environment: ALTERNATING });
    const { username: current } = await user.rotated();
    const missing = which === 'current' ? current : user.first.username;
    await server.superuser.query(`DROP OWNED BY ${missing}; DROP ROLE ${missing}`);
    for (const _ of ['first', 'second']) expect(await server.accepts(await user.rotated())).toBe(true);
  });

  it('are refused if both are missing, and nothing is created', async () => {
    const user = await rotatedUser(server, { environment: ALTERNATING });
    await server.query(`DROP ROLE ${user.first.username}`);
    expect(await user.failure()).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/There is no user/),
    });
    const roles = `SELECT rolname FROM pg_roles WHERE rolname LIKE '${user.first.username}%'`;
    expect(await server.query(roles)).toEqual([]);
  });
});

describeOnRds('Names without a schema', POSTGRES_VERSIONS, (each) => {
  const setUps: readonly (readonly [string, string])[] = [
    ['a schema with the user’s own name, by default', ''],
    ['a path that is set for the user', `ALTER ROLE %u SET search_path = "$user", public`],
    [
      'a path that is set for the user in this database',
      `ALTER ROLE %u IN DATABASE postgres SET search_path = "$user"`,
    ],
    [
      'paths that are set both ways',
      `ALTER ROLE %u SET search_path = public; ALTER ROLE %u IN DATABASE postgres SET search_path = "$user", public`,
    ],
    ['an administrator with its own search_path', `ALTER ROLE admin_%u SET search_path = elsewhere`],
    ['such an administrator, in this database', `ALTER ROLE admin_%u IN DATABASE postgres SET search_path = elsewhere`],
  ];
  it.each(setUps)('are found as before with %s', async (_, setUp) => {
    const username = `app_${randomUUID().slice(0, 8)}`;
    const admin = { username: `admin_${username}`, password: 'of the administrator' };
    await each.query(`CREATE ROLE ${admin.username} LOGIN CREATEROLE CREATEDB PASSWORD '${admin.password}'`);
    const user = await rotatedUser(each, { environment: ALTERNATING, username, admin });
    await each.query(
      `GRANT ${username} TO ${admin.username} WITH ADMIN OPTION; GRANT CREATE ON DATABASE postgres TO ${admin.username}`,
    );
    await each.superuser.query(`CREATE SCHEMA ${username} AUTHORIZATION ${username}; CREATE TABLE ${username}.own AS SELECT 7 AS entry;
      ALTER TABLE ${username}.own OWNER TO ${username}; ${setUp.replaceAll('%u', username)}`);
    expect(await user.query('SELECT entry FROM own')).toEqual([{ entry: 7 }]);
    for (const _turn of ['first', 'second', 'third']) {
      await user.rotated();
      expect(await user.query('SELECT entry FROM own')).toEqual([{ entry: 7 }]);
    }
  });

  it('are checked before anything is promoted: a rotation that would change them is refused', async () => {
    const user = await rotatedUser(each, { environment: ALTERNATING });
    const { username } = user.first;
    await each.query(`CREATE SCHEMA ${username}_owner; GRANT USAGE ON SCHEMA ${username}_owner TO PUBLIC`);
    expect(await user.failure()).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/finds names without a schema in public; after the rotation, .*_owner, public/),
    });
  });
});

describe('A copy of the login in the same secret', { timeout: 120_000 }, () => {
  const urls = ({ username, password }: { username: string; password: string }, newline = '') => ({
    DATABASE_URL: `postgres://${username}:${encodeURIComponent(password)}@db.example.com:5432/shop?sslmode=require#a%20b${newline}`,
    JDBC_URL: `jdbc:postgresql://db.example.com/shop?ssl=true&user=${username}&password=${encodeURIComponent(password)}&x=1`,
  });

  it.each([
    ['a single user', SINGLE],
    ['alternating users', ALTERNATING],
  ])('changes with it if it is declared, for %s, with every other byte kept', async (_, environment) => {
    const declared = { URL_FIELDS: 'DATABASE_URL,JDBC_URL', EXCLUDE_CHARACTERS: 'abc' };
    const user = await rotatedUser(server, { environment: { ...environment, ...declared } });
    await store(user, urls(user.first));
    for (const _turn of ['first', 'second']) {
      const now = await user.rotated();
      const value = JSON.parse((await user.value()) ?? '{}');
      const { username, password } = now;
      const decoded = new URL(value.DATABASE_URL);
      expect([decoded.username, decodeURIComponent(decoded.password)]).toEqual([username, password]);
      expect(value.DATABASE_URL).toMatch(
        /^postgres:\/\/\w+:[\w.~%-]+@db\.example\.com:5432\/shop\?sslmode=require#a%20b$/,
      );
      expect(new URL(value.JDBC_URL.slice(5)).searchParams.get('password')).toBe(password);
      expect(value.JDBC_URL).toMatch(
        /^jdbc:postgresql:\/\/db\.example\.com\/shop\?ssl=true&user=\w+&password=[\w.~%-]+&x=1$/,
      );
    }
  });

  it.each([
    [
      'a URL',
      ({ username, password }: { username: string; password: string }) => urls({ username, password }).DATABASE_URL,
    ],
    ['a JDBC string', (login: { username: string; password: string }) => urls(login).JDBC_URL],
    ['a plain copy', ({ password }: { password: string }) => password],
  ])('is refused before anything is stored if it is %s and not declared', async (_, copyOf) => {
    const user = await rotatedUser(server, { environment: SINGLE });
    await store(user, { COPY: copyOf(user.first) });
    const before = await user.labels();
    expect(await user.failure()).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/"COPY" is .* would go stale/),
    });
    expect(Object.values(await user.labels()).flat()).toEqual(expect.arrayContaining(Object.values(before).flat()));
    expect(await server.accepts(user.first)).toBe(true);
  });

  it('is told apart from a field that only looks like one', async () => {
    const user = await rotatedUser(server, { environment: SINGLE });
    const { username, password } = user.first;
    await store(user, {
      NOTE: `the password is ${password}, say`,
      OTHER_URL: `postgres://${username}:${password}x@db.example.com/shop`,
      DOCS: `https://db.example.com/${password}`,
    });
    expect(await server.accepts(await user.rotated())).toBe(true);
  });

  it('is refused if it is declared but is not such a URL', async () => {
    const user = await rotatedUser(server, { environment: { ...SINGLE, URL_FIELDS: 'DATABASE_URL' } });
    for (const DATABASE_URL of [undefined, 'db.example.com', 'postgres://somebody:else@db.example.com/shop']) {
      await store(user, { DATABASE_URL });
      expect(await user.failure()).toMatchObject({
        code: 'CONFIGURATION',
        message: expect.stringMatching(/declared in urlFields, is not a URL with the current login/),
      });
    }
  });
});

describe('A secret that is one URL', { timeout: 120_000 }, () => {
  it.each([
    ['a single user', SINGLE],
    ['alternating users', ALTERNATING],
  ])('rotates with every byte kept except the login, for %s', async (_, environment) => {
    const user = await rotatedUser(server, {
      environment: { ...environment, SECRET_FORMAT: 'text', TLS_CA: server.ca },
    });
    const { username, password } = user.first;
    const urlOf = (info: string) => `postgresql://${info}@localhost:${server.port}/postgres?application_name=a%20b#x`;
    const put = new PutSecretValueCommand({ SecretId: user.secretArn, SecretString: urlOf(`${username}:${password}`) });
    await user.client.send(put);
    for (const expected of environment === SINGLE ? [username, username] : [`${username}_clone`, username]) {
      expect(await user.failure()).toBeUndefined();
      const url = (await user.value()) ?? '';
      const login = { username: new URL(url).username, password: decodeURIComponent(new URL(url).password) };
      expect(login.username).toBe(expected);
      expect(await server.accepts(login)).toBe(true);
      expect(url).toBe(urlOf(/\/\/(.*)@/.exec(url)?.[1] ?? ''));
    }
  });

  it.each(['not a URL', 'mysql://app:password@db/shop', 'postgres://db.example.com/shop', 'postgres://app@/shop'])(
    'is refused if it is %j',
    async (SecretString) => {
      const user = await rotatedUser(server, { environment: { ...SINGLE, SECRET_FORMAT: 'text' } });
      await user.client.send(new PutSecretValueCommand({ SecretId: user.secretArn, SecretString }));
      expect(await user.failure()).toMatchObject({
        code: 'SECRET_VALUE',
        message: expect.stringMatching(/expected a URL such as postgres:\/\/USER:PASSWORD@HOST:PORT\/DATABASE/),
      });
    },
  );
});

/**
 * A single user of whom rotations were given up: one after its password was set, and so many after that.
 * @param isSetByHand whether somebody has set the same password since
 */
async function abandoned(after: number, isSetByHand = false) {
  const user = await rotatedUser(server, { environment: SINGLE });
  const giveUp = async (...steps: readonly ('createSecret' | 'setSecret')[]) => {
    const versionId = await user.pendingVersion();
    for (const step of steps) expect(await user.step(step, versionId)).not.toHaveProperty('failure');
    const label = { SecretId: user.secretArn, VersionStage: 'AWSPENDING', RemoveFromVersionId: versionId };
    await user.client.send(new UpdateSecretVersionStageCommand(label));
    return versionId;
  };
  const live = await user.login(await giveUp('createSecret', 'setSecret'));
  for (let count = 0; count < after; count += 1) await giveUp('createSecret');
  if (isSetByHand) await server.query(`ALTER ROLE ${live.username} PASSWORD '${live.password}'`);
  expect(await server.accepts(live)).toBe(true);
  const from = server.log().length;
  const logins = () =>
    [/password authentication failed/g, /connection authorized/g].map(
      (pattern) => server.log().slice(from).match(pattern)?.length ?? 0,
    );
  return { user, live, logins };
}

describe('A single user', { timeout: 180_000 }, () => {
  it('is found again after one version that was set and seven later ones that were abandoned, by one refused login', async () => {
    const { user, logins } = await abandoned(7);
    const now = await user.rotated();
    expect(logins(), 'refused logins, and others').toEqual([1, 3]);
    expect(await server.accepts(now)).toBe(true);
  });

  it('is found even if somebody else set the same password, newest version first', async () => {
    const { user, logins } = await abandoned(7, true);
    const now = await user.rotated();
    // Refused: the current one, the pending one, and each of the seven, once.
    expect(logins(), 'refused logins, and others').toEqual([9, 3]);
    expect(await server.accepts(now)).toBe(true);
  });

  it('is given up after 20 refused logins, whatever time there is', async () => {
    const { user, live, logins } = await abandoned(20, true);
    expect(await user.failure()).toMatchObject({
      code: 'AUTHENTICATION',
      message: expect.stringMatching(/refuses the 20 newest passwords of \S+ that are stored.*Declare an admin/),
    });
    expect(logins(), 'refused logins, and others').toEqual([20, 0]);
    expect(await server.accepts(live)).toBe(true);
  });

  it.each([
    ['by itself', SINGLE],
    ['by an administrator', SINGLE_BY_ADMIN],
  ])('changed %s is changed by one rotation at a time', async (_, environment) => {
    const user = await rotatedUser(server, { environment });
    const blocker = await server.login(server);
    await blocker.query(`SELECT pg_advisory_lock(hashtext('rotaform'), hashtext('${user.first.username}'))`);
    const versionId = await user.pendingVersion();
    await user.step('createSecret', versionId);
    expect(await user.step('setSecret', versionId)).toMatchObject({
      failure: { errorMessage: expect.stringMatching(/waiting for other rotations.*lock timeout.*tries again/) },
    });
    expect(await server.accepts(user.first)).toBe(true);
    await blocker.end();
    expect(await user.step('setSecret', versionId)).not.toHaveProperty('failure');
  });

  it.each([
    ['by itself', SINGLE],
    ['by an administrator', SINGLE_BY_ADMIN],
    ['as one of two', ALTERNATING],
  ])(
    'changed %s keeps what another rotation finished while an attempt waited, however briefly',
    async (_, environment) => {
      const user = await rotatedUser(server, { environment });
      const versionId = await user.pendingVersion();
      await user.step('createSecret', versionId);
      const { username } = await user.login('AWSPENDING');
      const users = environment === ALTERNATING ? [user.first.username, username].toSorted().join(' ') : username;
      const blocker = await server.login(server);
      await blocker.query(`SELECT pg_advisory_lock(hashtext('rotaform'), hashtext('${users}'))`);
      const late = user.step('setSecret', versionId);
      await vi.waitFor(async () => {
        const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event = 'advisory' AND query LIKE '%${username}%'`;
        expect(await server.query(waiting)).toHaveLength(1);
      }, 20_000);
      // Somebody gives the rotation up, and another one goes all the way.
      const label = { SecretId: user.secretArn, VersionStage: 'AWSPENDING', RemoveFromVersionId: versionId };
      await user.client.send(new UpdateSecretVersionStageCommand(label));
      if (environment === ALTERNATING) await server.query(`CREATE ROLE ${username} LOGIN`);
      await server.query(`ALTER ROLE ${username} PASSWORD 'of a later rotation'`);
      await blocker.end();
      expect(await late).toMatchObject({ failure: { errorMessage: expect.stringMatching(/comes too late/) } });
      expect(await server.accepts({ username, password: 'of a later rotation' })).toBe(true);
    },
  );
});
