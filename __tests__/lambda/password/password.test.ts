import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { isPasswordOf } from '../../../rules/password/password.ts';
import { deployStrategy } from '../rotation/deploy-strategy.ts';

const entry = 'lambda/password.ts';

describe('The password function', () => {
  it('rotates with six calls', async () => {
    const { rotate, calls, log } = await deployStrategy({ entry, secretString: '{"password":"the-first-one"}' });
    expect(await rotate()).toMatchObject({ outcome: 'succeeded' });
    expect(calls).toEqual([
      ...['DescribeSecret', 'GetSecretValue: ResourceNotFoundException', 'GetSecretValue', 'PutSecretValue'],
      ...['DescribeSecret', 'UpdateSecretVersionStage'],
    ]);
    expect((await log(4)).map(({ message }) => message)).toEqual([
      'createSecret done',
      'setSecret done',
      'testSecret done',
      'finishSecret done',
    ]);
  });

  it('changes the password and leaves every other byte as it was', async () => {
    const before = `{ "engine": "mysql",\n\t"password" : "the-first-one", "port":3306,
      "dbInstanceIdentifier": "db-1", "masterarn": null, "account": 12345678901234567890, "ratio": 1.0,
      "nested": {"password": "kept"}, "accent": "\\u00e9", "password2": "the-other-one" }`;
    const { rotate, value } = await deployStrategy({ entry, secretString: before });
    await rotate();
    const after = (await value()) ?? '';
    const { password } = JSON.parse(after);
    expect(isPasswordOf({}, password)).toBe(true);
    expect(after).toBe(before.replace('"the-first-one"', () => JSON.stringify(password)));
  });

  it('moves the labels as applications expect, in the next rotation too', async () => {
    const { aws, client, secretArn, rotate, labels, value } = await deployStrategy({
      entry,
      secretString: '{"password":"the-first-one"}',
    });
    const { VersionIdsToStages: before = {} } = await client.send(new DescribeSecretCommand({ SecretId: secretArn }));
    const [first = ''] = Object.keys(before);
    const during: unknown[] = [];
    aws.account.events.on('rotationStepStarted', ({ step, versionId }) => {
      const secret = aws.account.secrets.find(secretArn);
      during.push([step, secret?.stagesOf(versionId), secret?.stagesOf(first)]);
    });

    const { versionId: second } = await rotate();
    expect(during).toEqual(
      ['createSecret', 'setSecret', 'testSecret', 'finishSecret'].map((step) => [step, ['AWSPENDING'], ['AWSCURRENT']]),
    );
    expect(await labels()).toEqual({ [first]: ['AWSPREVIOUS'], [second]: ['AWSCURRENT'] });
    expect(await value('AWSPREVIOUS')).toBe('{"password":"the-first-one"}');

    const { versionId: third, outcome } = await rotate();
    expect(outcome).toBe('succeeded');
    expect(await labels()).toEqual({ [second]: ['AWSPREVIOUS'], [third]: ['AWSCURRENT'] });
    expect(new Set(await Promise.all([first, second, third].map(value))).size).toBe(3);
  });

  it('makes a password by the options in its environment for each field', async () => {
    const { rotate, value } = await deployStrategy({
      entry,
      secretString: '{"username":"app","password":"the-first-one","password_2":"the-first-two"}',
      environment: {
        PASSWORD_FIELDS: 'password,password_2,password_3',
        PASSWORD_LENGTH: '40',
        EXCLUDE_CHARACTERS: 'abc',
        EXCLUDE_PUNCTUATION: 'true',
        EXCLUDE_UPPERCASE: 'true',
      },
    });
    await rotate();
    const { username, ...passwords } = JSON.parse((await value()) ?? '');
    expect(username).toBe('app');
    expect(Object.keys(passwords)).toEqual(['password', 'password_2', 'password_3']);
    expect(new Set(Object.values(passwords)).size).toBe(3);
    const options = { length: 40, excludeCharacters: 'abc', excludePunctuation: true, excludeUppercase: true };
    for (const password of Object.values<string>(passwords)) expect(isPasswordOf(options, password)).toBe(true);
  });

  it('changes a nested field by its JSON Pointer, and leaves every other byte as it was', async () => {
    const before = `{"db.password":"top","db": { "port" : 12345678901234567890,
      "password": "the-first-one" ,"a/b":{"~":[1,{"key":"the-first-two"}]}}, "password":"kept"}`;
    const { rotate, value } = await deployStrategy({
      entry,
      secretString: before,
      environment: { PASSWORD_FIELDS: '/db/password,/db/a~1b/~0/1/key,/db/added' },
    });
    expect(await rotate()).toMatchObject({ outcome: 'succeeded' });
    const after = (await value()) ?? '';
    const { db } = JSON.parse(after);
    const made = [db.password, db['a/b']['~'][1].key, db.added];
    for (const password of made) expect(isPasswordOf({}, password)).toBe(true);
    const [first, second, added] = made.map((password) => JSON.stringify(password));
    expect(after).toBe(
      before
        .replace('"the-first-one"', () => first ?? '')
        .replace('"the-first-two"}]}', () => `${second}}]},"added":${added}`),
    );
  });

  it.each([
    [
      'db.password',
      '{"db":{"password":"hunter2"}}',
      /has no top-level field "db.password"\. Write \/db\/password for .*, or \/db\.password to add/,
    ],
    ['/db/password', '{"database":{"password":"hunter2"}}', /has nothing at \/db\. Expected an object there/],
    ['/db/password', '{"db":"hunter2"}', /has a string at \/db\. Expected an object there/],
    ['/db/password', '{"db":null}', /has null at \/db\. Expected an object there/],
    [
      '/keys/1',
      '{"keys":["hunter2"]}',
      /has an array of 1 at \/keys\. Expected an object there, in which \/keys\/1 can change/,
    ],
    ['/keys/length', '{"keys":["hunter2"]}', /has an array of 1 at \/keys/],
    ['/toString/password', '{}', /has nothing at \/toString/],
  ])(
    'refuses the field %s, which %s does not have, before anything is stored',
    async (field, secretString, message) => {
      const { rotate, calls, log } = await deployStrategy({
        entry,
        secretString,
        environment: { PASSWORD_FIELDS: field },
      });
      expect(await rotate()).toMatchObject({ outcome: 'failed' });
      expect(await log(1)).toMatchObject([
        { step: 'createSecret', errorCode: 'SECRET_VALUE', errorMessage: expect.stringMatching(message) },
      ]);
      expect(calls).not.toContain('PutSecretValue');
    },
  );

  it.each([
    ['db.password', '{"db.password":"the-first-one"}'],
    ['/db.password', '{"other":1}'],
  ])('changes a top-level field with a dot in its name, as %s, if that is meant', async (field, secretString) => {
    const { rotate, value } = await deployStrategy({ entry, secretString, environment: { PASSWORD_FIELDS: field } });
    expect(await rotate()).toMatchObject({ outcome: 'succeeded' });
    expect(isPasswordOf({}, JSON.parse((await value()) ?? '')['db.password'])).toBe(true);
  });

  it('rotates JSON that is stored as bytes, and stores bytes', async () => {
    const { client, secretArn, rotate } = await deployStrategy({ entry });
    const stored = (json: string) => ({ SecretId: secretArn, SecretBinary: Buffer.from(json) });
    await client.send(new PutSecretValueCommand(stored('{"username":"app","password":"the-first-one"}')));
    for (let rotations = 0; rotations < 2; rotations += 1) {
      expect(await rotate()).toMatchObject({ outcome: 'succeeded' });
      const { SecretString, SecretBinary } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
      expect(SecretString).toBeUndefined();
      const { username, password } = JSON.parse(Buffer.from(SecretBinary ?? []).toString());
      expect(username).toBe('app');
      expect(isPasswordOf({}, password)).toBe(true);
    }
  });

  it('replaces the whole string if the secret is plain text', async () => {
    const { rotate, value } = await deployStrategy({
      entry,
      secretString: 'the-first-one',
      environment: { SECRET_FORMAT: 'text', PASSWORD_LENGTH: '20' },
    });
    expect(await rotate()).toMatchObject({ outcome: 'succeeded' });
    expect(isPasswordOf({ length: 20 }, (await value()) ?? '')).toBe(true);
  });

  it.each([
    ['json', { SECRET_FORMAT: 'json' }, /^\{"password":".{32,}"\}$/],
    ['text', { SECRET_FORMAT: 'text' }, /^.{32}$/],
  ])('gives a secret without any value its first, as %s', async (_format, environment, expected) => {
    const { rotate, value, labels } = await deployStrategy({ entry, environment });
    const { versionId, outcome } = await rotate();
    expect(outcome).toBe('succeeded');
    expect(await value()).toMatch(expected);
    expect(await labels()).toEqual({ [versionId]: ['AWSCURRENT'] });
  });

  it('starts from the version that Terraform wrote, and leaves its label in place', async () => {
    const { client, secretArn, rotate, value, labels } = await deployStrategy({ entry });
    await client.send(
      new PutSecretValueCommand({
        SecretId: secretArn,
        SecretString: '{"username":"app"}',
        VersionStages: ['TERRAFORM_INITIAL'],
      }),
    );
    const [initial = ''] = Object.keys(await labels());
    const { versionId } = await rotate();
    expect(JSON.parse((await value()) ?? '')).toEqual({ username: 'app', password: expect.any(String) });
    expect(await labels()).toEqual({
      [initial]: ['AWSPREVIOUS', 'TERRAFORM_INITIAL'],
      [versionId]: ['AWSCURRENT'],
    });
    expect(await rotate()).toMatchObject({ outcome: 'succeeded' });
    expect(await value('TERRAFORM_INITIAL')).toBe('{"username":"app"}');
  });

  it('runs only testSecret, and changes nothing, if the rotation must not be immediate', async () => {
    const secretString = '{"password":"the-first-one"}';
    const { rotate, calls, value, labels } = await deployStrategy({ entry, secretString });
    const before = await labels();
    expect(await rotate({ RotateImmediately: false })).toMatchObject({ outcome: 'succeeded' });
    expect(calls).toEqual(['GetSecretValue']);
    expect(await labels()).toEqual(before);
    expect(await value()).toBe(secretString);
  });

  it('completes a rotation after an operator removed AWSPENDING from an abandoned one', async () => {
    const { client, secretArn, pendingVersion, step, rotate, labels, value } = await deployStrategy({
      entry,
      secretString: '{"password":"the-first-one"}',
    });
    const abandoned = await pendingVersion();
    await step('createSecret', abandoned);
    await client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: secretArn,
        VersionStage: 'AWSPENDING',
        RemoveFromVersionId: abandoned,
      }),
    );
    const { versionId, outcome } = await rotate();
    expect(outcome).toBe('succeeded');
    expect(await labels()).toMatchObject({ [versionId]: ['AWSCURRENT'] });
    expect(await value()).not.toBe(await value(abandoned));
  });
});
