import { type TerraformStack, TerraformVariable } from 'cdktf';
import { describe, expect, it } from 'vitest';
import { fromSecret, RotatedSecret, Rotation, Schedule } from '../../constructs/index.ts';
import { refusal } from './refusal.ts';
import { synthesize } from './synthesize.ts';

const arn = (name: string) => `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}-AbCdEf`;
const schedule = Schedule.rate({ hours: 20 });

const byAdmins = (...secretArns: string[]) => {
  const admin = secretArns.map((secretArn) => ({ secretArn, host: 'db.example.com' }));
  return Rotation.postgres({ strategy: 'alternating-users', admin, users: ['app'] });
};
const bySecret = (secretArn: string) =>
  Rotation.oauthToken({ issuer: 'https://example.okta.com/oauth2/default', credentials: fromSecret(secretArn) });

/** The ARN of a secret, as its user may have it. */
const ways: readonly (readonly [string, (stack: TerraformStack) => string])[] = [
  ['a literal', () => arn('app/db')],
  ['a variable', (stack) => new TerraformVariable(stack, 'arn', {}).stringValue],
  ['an attribute of a secret that is declared here', (stack) => declared(stack, 'first').secretArn],
];

function declared(stack: TerraformStack, id: string): RotatedSecret {
  return new RotatedSecret(stack, id, { name: `app/${id}`, rotation: Rotation.password(), schedule });
}

describe('A secret that is declared here', () => {
  const declaredAs = (names: { name: string } | { namePrefix: string }, secretArn: string) => () =>
    synthesize((stack) => {
      new RotatedSecret(stack, 'own', {
        ...names,
        initial: { host: 'db.example.com', username: 'app' },
        rotation: byAdmins(secretArn),
        schedule,
      });
    });

  it('is refused at synth if its administrator is the literal ARN of a secret of its name', () => {
    expect(refusal(declaredAs({ name: 'app/db' }, arn('app/db')))).toMatchObject({
      code: 'OPTIONS',
      message: expect.stringMatching(/own.* would be rotated with a login of its own/),
    });
  });

  it.each([
    ['another name', { name: 'app/db' }, arn('app/database')],
    ['a name that begins in the same way', { name: 'app/db' }, arn('app/db-AbCdEf')],
    ['a name of which it has the prefix alone', { namePrefix: 'app/db' }, arn('app/db')],
  ])('may be rotated by the literal ARN of a secret of %s', (_, names, secretArn) => {
    declaredAs(names, secretArn)();
  });
});

describe.each(ways)('A secret whose ARN is %s', (_, arnIn) => {
  it.each([
    ['its only administrator', (own: string) => byAdmins(own)],
    ['one of its administrators', (own: string) => byAdmins(arn('another'), own)],
    ['the credentials that its rotation reads with fromSecret', bySecret],
  ])('is refused at synth as %s', (_what, rotationBy) => {
    const error = refusal(() =>
      synthesize((stack) => {
        const secretArn = arnIn(stack);
        RotatedSecret.existing(stack, 'own', { secretArn, rotation: rotationBy(secretArn), schedule });
      }),
    );
    expect(error).toMatchObject({
      code: 'OPTIONS',
      message: expect.stringMatching(
        /own.* would be rotated with a login of its own.*Expected the secret of another user/,
      ),
    });
  });

  it('may be rotated by the secret of another user', () => {
    synthesize((stack) => {
      const other = declared(stack, 'second').secretArn;
      RotatedSecret.existing(stack, 'own', { secretArn: arnIn(stack), rotation: byAdmins(other), schedule });
    });
  });
});
