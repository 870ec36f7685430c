// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's own variables
import { describe, expect, it } from 'vitest';
import { StaticSecret } from '../../../constructs/index.ts';
import { isPublic, malformed } from '../../../local/secrets-manager/check-resource-policy.ts';
import { synthesize } from '../../constructs/synthesize.ts';

const READ = 'secretsmanager:GetSecretValue';
const OTHER = '444455556666';
const allow = (more: object = {}) => ({ Effect: 'Allow', Principal: '*', Action: READ, Resource: '*', ...more });
const when = (operator: string, key: string, ...values: unknown[]) =>
  allow({ Condition: { [operator]: { [key]: values } } });
/** A Deny of one account, which locks out nobody who is needed. */
const deny = (more: object = {}) => ({ ...allow({ Principal: { AWS: OTHER } }), Effect: 'Deny', ...more });
const { Action: _, ...noAction } = deny();
const { Resource: __, ...noResource } = deny();

type Answer = 'accepted' | 'malformed' | 'public';
const POLICIES: readonly (readonly [what: string, statement: unknown, answer: Answer])[] = [
  ['one account', allow({ Principal: { AWS: OTHER } }), 'accepted'],
  ['a role', allow({ Principal: { AWS: `arn:aws:iam::${OTHER}:role/team/web` } }), 'accepted'],
  ['a session', deny({ Principal: { AWS: `arn:aws:sts::${OTHER}:assumed-role/web/i-1` } }), 'accepted'],
  ['a service', allow({ Principal: { Service: 'appflow.amazonaws.com' } }), 'accepted'],
  ['everybody', allow(), 'public'],
  ['everybody in a list', allow({ Principal: { AWS: [OTHER, '*'] } }), 'public'],
  ['every account', allow({ Principal: { AWS: 'arn:aws:iam::*:root' } }), 'malformed'],
  ['every role', allow({ Principal: { AWS: `arn:aws:iam::${OTHER}:role/*` } }), 'malformed'],
  ['a federated provider', allow({ Principal: { Federated: 'cognito-identity.amazonaws.com' } }), 'malformed'],
  ['a canonical user', allow({ Principal: { CanonicalUser: 'a'.repeat(64) } }), 'malformed'],
  ['a type in other case', allow({ Principal: { aws: '*' } }), 'malformed'],
  ['a type of everybody', allow({ Principal: { '*': '*' } }), 'malformed'],
  ['a text as principal', allow({ Principal: 'everyone' }), 'malformed'],
  ['a service without its domain', allow({ Principal: { Service: 'lambda' } }), 'malformed'],
  ['addresses', when('IpAddress', 'aws:SourceIp', '203.0.113.0/24'), 'accepted'],
  ['halves of all addresses', when('IpAddress', 'aws:SourceIp', '0.0.0.0/1', '128.0.0.0/1'), 'public'],
  ['all addresses of IPv6', when('IpAddress', 'aws:SourceIp', '::/0'), 'public'],
  ['all addresses but some', when('NotIpAddress', 'aws:SourceIp', '203.0.113.0/24'), 'public'],
  ['paths', when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-a1b2c3d4e5/r-ab12/*'), 'accepted'],
  ['all paths', when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', '*'), 'public'],
  ['paths, or none', when('ForAllValues:StringLike', 'aws:PrincipalOrgPaths', 'o-a1b2c3d4e5/*'), 'public'],
  ['an organization', when('StringEquals', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5'), 'accepted'],
  ['an organization if there is one', when('StringEqualsIfExists', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5'), 'public'],
  ['a VPC endpoint', when('StringEquals', 'aws:SourceVpce', 'vpce-1'), 'accepted'],
  ['roles of one account', when('ArnLike', 'aws:PrincipalArn', `arn:aws:iam::${OTHER}:role/*`), 'accepted'],
  ['roles of any account', when('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/web'), 'public'],
  ['TLS alone', when('Bool', 'aws:SecureTransport', true), 'public'],
  ['a number', deny({ Condition: { NumericLessThan: { 'secretsmanager:RecoveryWindowInDays': 7 } } }), 'accepted'],
  ['an operator in other case', when('stringequals', 'aws:PrincipalOrgID', 'o-1'), 'malformed'],
  ['an operator that is none', when('StringFoo', 'aws:PrincipalOrgID', 'o-1'), 'malformed'],
  ['a condition that is a list', deny({ Condition: [] }), 'malformed'],
  ['a condition without keys', deny({ Condition: { StringEquals: 'x' } }), 'malformed'],
  ['NotAction', deny({ Action: undefined, NotAction: READ }), 'accepted'],
  ['NotResource', deny({ Resource: undefined, NotResource: 'arn:aws:secretsmanager:*:*:secret:a-*' }), 'accepted'],
  ['Action and NotAction', deny({ NotAction: READ }), 'malformed'],
  ['Resource and NotResource', deny({ NotResource: '*' }), 'malformed'],
  ['Principal and NotPrincipal', deny({ NotPrincipal: { AWS: OTHER } }), 'malformed'],
  ['NotPrincipal with Allow', allow({ Principal: undefined, NotPrincipal: { AWS: OTHER } }), 'malformed'],
  ['no principal', deny({ Principal: undefined }), 'malformed'],
  ['no action', noAction, 'malformed'],
  ['no resource', noResource, 'malformed'],
  ['an empty list of actions', deny({ Action: [] }), 'malformed'],
  ['an action that is a number', deny({ Action: 1 }), 'malformed'],
  ['an action of another service', deny({ Action: 's3:GetObject' }), 'malformed'],
  ['an action without a service', deny({ Action: 'GetSecretValue' }), 'malformed'],
  ['every action', deny({ Action: '*' }), 'accepted'],
  ['an action in other case', deny({ Action: 'SecretsManager:getsecretvalue' }), 'accepted'],
  ['a resource that is none', deny({ Resource: 'np' }), 'malformed'],
  [
    'a resource with a variable of IAM',
    deny({ Resource: 'arn:aws:secretsmanager:*:*:secret:${aws:username}-*' }),
    'accepted',
  ],
  ['an effect that is none', deny({ Effect: 'deny' }), 'malformed'],
  ['a sid', deny({ Sid: 'Deny1' }), 'accepted'],
  ['a sid with a space', deny({ Sid: 'Deny one' }), 'malformed'],
  ['one sid twice', [deny({ Sid: 'A' }), deny({ Sid: 'A' })], 'malformed'],
  ['an element that is none', deny({ Color: 'red' }), 'malformed'],
  ['a statement that is a text', 'Deny', 'malformed'],
  ['no statement', [], 'malformed'],
];

const bySynth = (resourcePolicy: string): Answer => {
  try {
    synthesize((stack) => void new StaticSecret(stack, 'key', { name: 'app/key', resourcePolicy }));
    return 'accepted';
  } catch (error) {
    return /allows everybody what/.test(String(error)) ? 'public' : 'malformed';
  }
};
const byLocalAws = (policy: string): Answer => {
  if (malformed(policy) !== undefined) return 'malformed';
  return isPublic(policy) ? 'public' : 'accepted';
};

describe('A resource policy', () => {
  it.each(POLICIES)('with %s has one answer at synth and in the local AWS', (_, Statement, answer) => {
    const policy = JSON.stringify({ Version: '2012-10-17', Statement });
    expect({ synth: bySynth(policy), local: byLocalAws(policy) }).toEqual({ synth: answer, local: answer });
  });

  it('of another version has none', () => {
    const policy = JSON.stringify({ Version: '2019-10-19', Statement: deny() });
    expect([bySynth(policy), byLocalAws(policy)]).toEqual(['malformed', 'malformed']);
  });
});
