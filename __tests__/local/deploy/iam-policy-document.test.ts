// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's own policy variables
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deploy } from '../../../local/deploy/deploy.ts';
import { type LocalAws, localAws } from '../../../local/local-aws.ts';

let aws: LocalAws;

beforeEach(async () => {
  aws = await localAws();
});

afterEach(() => aws.close());

// The answer of Terraform 1.11.4 with AWS provider 5.100.0 for the same statements.
it('renders a policy document as the AWS provider does', async () => {
  const statement = [
    {
      sid: 'A',
      actions: ['a:b', 'c:d'],
      resources: ['r1', 'r2'],
      principals: [
        { type: 'Service', identifiers: ['b.x', 'a.x'] },
        { type: 'AWS', identifiers: ['z'] },
      ],
      condition: [
        { test: 'StringEquals', variable: 'v', values: ['x', 'z', 'y'] },
        { test: 'StringEquals', variable: 'w', values: ['&{aws:username}'] },
        { test: 'ArnLike', variable: 'w', values: ['<a>'] },
      ],
    },
    { actions: ['*'], resources: ['*'], principals: [{ type: '*', identifiers: ['*'] }] },
    { effect: 'Deny', actions: ['*'], resources: ['*'], principals: { type: 'AWS', identifiers: ['*'] } },
    {
      actions: ['s'],
      resources: ['*'],
      principals: [
        { type: 'Service', identifiers: ['a'] },
        { type: 'Service', identifiers: ['b'] },
      ],
    },
  ];
  const stack = {
    data: { aws_iam_policy_document: { d: { statement } } },
    output: { json: { value: '${data.aws_iam_policy_document.d.json}' } },
  };
  const { outputs } = await deploy(stack, aws.account, { folder: '.' });
  expect(JSON.parse(String(outputs.json))).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'A',
        Effect: 'Allow',
        Action: ['c:d', 'a:b'],
        Resource: ['r2', 'r1'],
        Principal: { AWS: 'z', Service: ['b.x', 'a.x'] },
        Condition: { ArnLike: { w: '<a>' }, StringEquals: { v: ['x', 'z', 'y'], w: '${aws:username}' } },
      },
      { Effect: 'Allow', Action: '*', Resource: '*', Principal: '*' },
      { Effect: 'Deny', Action: '*', Resource: '*', Principal: { AWS: '*' } },
      { Effect: 'Allow', Action: 's', Resource: '*', Principal: { Service: ['b', 'a'] } },
    ],
  });
});
