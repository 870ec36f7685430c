// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's own policy variables
import { describe, expect, it } from 'vitest';
import { type AuthorizationRequest, evaluatePolicies } from '../../../local/permissions/evaluate-policy.ts';

const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:app/db-AbCdEf';
const REQUEST = { action: 'secretsmanager:GetSecretValue', resource: SECRET, context: {} };
const READ = { Effect: 'Allow', Action: REQUEST.action, Resource: SECRET };

function judge(statements: unknown, request: Partial<AuthorizationRequest> = {}, document: object = {}) {
  const policy = { Version: '2012-10-17', Statement: statements, ...document };
  return evaluatePolicies([{ name: 'test', document: JSON.stringify(policy) }], { ...REQUEST, ...request });
}

const ALLOWED = 'allowed';
const DENIED = 'denied by a statement';
const NOT_ALLOWED = 'not allowed by any statement';

describe('a request is', () => {
  it.each([
    ['allowed by a statement that names it', [READ], ALLOWED],
    ['allowed by a statement that is not in a list', READ, ALLOWED],
    ['allowed by one of two', [{ ...READ, Action: 'secretsmanager:PutSecretValue' }, READ], ALLOWED],
    ['not allowed without a statement', [], NOT_ALLOWED],
    ['denied by a statement, even if another one allows it', [READ, { ...READ, Effect: 'Deny' }], DENIED],
    [
      'not denied by a statement about something else',
      [READ, { ...READ, Effect: 'Deny', Resource: `${SECRET}?` }],
      ALLOWED,
    ],
    ['allowed if the action is in another case', { ...READ, Action: 'SecretsManager:getsecretvalue' }, ALLOWED],
    ['allowed if the action has wildcards', { ...READ, Action: 'secretsmanager:G?tSecret*' }, ALLOWED],
    ['allowed for any action', { ...READ, Action: '*' }, ALLOWED],
    ['not allowed by the beginning of its action', { ...READ, Action: 'secretsmanager:GetSecret' }, NOT_ALLOWED],
    ['allowed for any resource', { ...READ, Resource: '*' }, ALLOWED],
    [
      'allowed if the wildcards in the resource match',
      { ...READ, Resource: 'arn:*:secretsmanager:*:*:secret:app/??-*' },
      ALLOWED,
    ],
    [
      'not allowed for a resource in another case',
      { ...READ, Resource: SECRET.replace('AbCdEf', 'abcdef') },
      NOT_ALLOWED,
    ],
    ['allowed if one resource in a list matches', { ...READ, Resource: [`${SECRET}x`, SECRET] }, ALLOWED],
  ])('%s', (_title, statements, verdict) => {
    expect(judge(statements)).toBe(verdict);
  });

  it('not allowed on a resource with only its name, but on any resource', () => {
    expect(judge({ ...READ, Resource: 'arn:aws:secretsmanager:*:*:secret:*' }, { resource: 'app/db' })).toBe(
      NOT_ALLOWED,
    );
    expect(judge({ ...READ, Resource: '*' }, { resource: 'app/db' })).toBe(ALLOWED);
  });
});

describe('a condition', () => {
  const key = 'secretsmanager:VersionStage';
  it.each([
    ['holds for an equal text', { StringEquals: { [key]: 'AWSCURRENT' } }, 'AWSCURRENT', true],
    [
      'holds for a key in another case',
      { StringEquals: { 'SecretsManager:versionstage': 'AWSCURRENT' } },
      'AWSCURRENT',
      true,
    ],
    ['fails for a text in another case', { StringEquals: { [key]: 'awscurrent' } }, 'AWSCURRENT', false],
    ['takes a star literally if texts must be equal', { StringEquals: { [key]: 'AWS*' } }, 'AWSCURRENT', false],
    [
      'holds if one value in a list is equal',
      { StringEquals: { [key]: ['AWSPENDING', 'AWSCURRENT'] } },
      'AWSCURRENT',
      true,
    ],
    ['holds for a text that matches a pattern', { StringLike: { [key]: 'AWS?URREN*' } }, 'AWSCURRENT', true],
    ['fails if the request does not have the key', { StringLike: { [key]: '*' } }, undefined, false],
    [
      'holds for an ARN that matches a pattern',
      { ArnLike: { [key]: 'arn:aws:lambda:*:*:function:f' } },
      'arn:aws:lambda:r:1:function:f',
      true,
    ],
    ['fails for text that is not an ARN', { ArnEquals: { [key]: 'arn:*:*:*:*:*' } }, 'AWSCURRENT', false],
    [
      'must hold with all its operators',
      { StringLike: { [key]: '*' }, StringEquals: { [key]: 'x' } },
      'AWSCURRENT',
      false,
    ],
    ['fails for a key with several values', { StringEquals: { [key]: 'a' } }, ['a', 'b'], false],
    ['holds for any of several values', { 'ForAnyValue:StringEquals': { [key]: 'b' } }, ['a', 'b'], true],
    ['fails for any of no values', { 'ForAnyValue:StringLike': { [key]: '*' } }, undefined, false],
    ['fails if one of all values does not match', { 'ForAllValues:StringEquals': { [key]: 'a' } }, ['a', 'b'], false],
    ['holds for all of no values', { 'ForAllValues:StringEquals': { [key]: 'a' } }, undefined, true],
  ])('%s', (_title, Condition, found, holds) => {
    expect(judge({ ...READ, Condition }, { context: { [key]: found } })).toBe(holds ? ALLOWED : NOT_ALLOWED);
  });
});

describe('a trust policy', () => {
  const assume = { action: 'sts:AssumeRole', principal: { service: 'lambda.amazonaws.com' }, context: {} };
  const trust = (Principal: unknown) => {
    const document = JSON.stringify({ Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal } });
    return evaluatePolicies([{ name: 'trust', document }], assume);
  };

  it.each([
    ['the service', { Service: 'lambda.amazonaws.com' }, ALLOWED],
    ['a list with the service', { Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'] }, ALLOWED],
    ['everyone', '*', ALLOWED],
    ['another service', { Service: 'ec2.amazonaws.com' }, NOT_ALLOWED],
    ['an account with that name', { AWS: 'lambda.amazonaws.com' }, NOT_ALLOWED],
  ])('lets a service assume the role if it names %s', (_whom, principal, verdict) => {
    expect(trust(principal)).toBe(verdict);
  });

  it('that names no principal is not understood', () => {
    expect(() => trust(undefined)).toThrow('it does not know Principal, which is not an object');
  });
});

describe('what is unknown stops the evaluation, and is named:', () => {
  it.each([
    ['both', [{ Effect: 'Allow', Action: '*', NotAction: 'iam:*', Resource: '*' }], 'Action and NotAction together'],
    ['NotPrincipal', [{ ...READ, NotPrincipal: '*' }], "Principal in a role's own policy"],
    ['an element that IAM does not have', [{ ...READ, Color: 'green' }], 'the element Color'],
    [
      'an operator',
      [{ ...READ, Condition: { NumericEquals: { 'aws:PrincipalArn': '1' } } }],
      'the condition operator NumericEquals (known: StringEquals, StringEqualsIgnoreCase, StringLike, ArnEquals,',
    ],
    [
      'a set operator',
      [{ ...READ, Condition: { 'ForEachValue:StringEquals': { 'aws:PrincipalArn': 'x' } } }],
      'ForEachValue:StringEquals',
    ],
    [
      'a condition key',
      [{ ...READ, Condition: { StringEquals: { 'aws:SourceVpce': 'x' } } }],
      'the condition key aws:SourceVpce',
    ],
    [
      'a condition that is not text',
      [{ ...READ, Condition: { StringEquals: { 'aws:PrincipalArn': true } } }],
      'StringEquals aws:PrincipalArn, which is neither a string nor a list of strings',
    ],
    [
      'a condition without a value',
      [{ ...READ, Condition: { StringEquals: { 'aws:PrincipalArn': [] } } }],
      'StringEquals aws:PrincipalArn, which is neither a string nor a list of strings',
    ],
    [
      'a variable in a resource',
      [{ ...READ, Resource: 'arn:aws:s3:::${aws:username}' }],
      'the policy variable ${aws:username} in Resource',
    ],
    [
      'a variable in a condition',
      [{ ...READ, Condition: { StringLike: { 'aws:PrincipalArn': '${aws:userid}' } } }],
      'the policy variable ${aws:userid} in StringLike aws:PrincipalArn',
    ],
    [
      'a resource that is not an ARN',
      [{ ...READ, Resource: 'arn:aws:secretsmanager:*' }],
      '"arn:aws:secretsmanager:*", which is neither an ARN nor *, in Resource',
    ],
    [
      'a wildcard that would have to cross a colon',
      [{ ...READ, Resource: 'arn:aws:secretsmanager:us*:secret:app/*' }],
      '"arn:aws:secretsmanager:us*:secret:app/*", whose * would have to cross a colon, in Resource',
    ],
    [
      'a value to compare with that is not an ARN',
      [{ ...READ, Condition: { ArnLike: { 'aws:PrincipalArn': '*' } } }],
      '"*", which is not an ARN, in ArnLike',
    ],
    [
      'a statement without a resource',
      [{ Effect: 'Allow', Action: '*' }],
      'Resource, which is neither a string nor a list of strings',
    ],
    [
      'a statement without an action',
      [{ Effect: 'Allow', Resource: '*' }],
      'Action, which is neither a string nor a list of strings',
    ],
    ['an action that does not exist', [{ ...READ, Action: 'secrets*' }], 'the action "secrets*"'],
    ['an effect', [{ ...READ, Effect: 'Permit' }], 'the effect "Permit"'],
    ["a principal in a role's own policy", [{ ...READ, Principal: '*' }], "Principal in a role's own policy"],
    ['no statement at all', undefined, 'Statement, which is not an object'],
  ])('%s', (_what, statements, message) => {
    const refused = expect.objectContaining({
      code: 'UnsupportedPolicy',
      message: expect.stringContaining(
        `by the policy test: it does not know ${message.startsWith('ForEach') ? 'the condition operator ' : ''}${message}`,
      ),
    });
    expect(() => judge(statements)).toThrow(refused);
    expect(() => judge([statements, READ].flat())).toThrow(refused);
  });

  it('a version, or an element, of the document', () => {
    expect(() => judge(READ, {}, { Version: '2031-01-01' })).toThrow('it does not know the version "2031-01-01"');
    expect(() => judge(READ, {}, { Rules: [] })).toThrow('it does not know the element Rules');
  });

  it('statements about other actions may contain anything', () => {
    const other = {
      Effect: 'Allow',
      Action: 'rds:*',
      Resource: '${x}',
      Condition: { Bool: { 'aws:SecureTransport': true } },
    };
    expect(judge([other, READ])).toBe(ALLOWED);
    expect(judge([other])).toBe(NOT_ALLOWED);
  });
});
