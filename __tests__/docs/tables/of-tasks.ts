import { drivers } from './code-judges.ts';
import { both, by, codes, defaults, members, rows } from './judges.ts';
import type { Tables } from './of-projects.ts';

const answers = by('docs/answers.test.ts');

const DEPLOYED = 'constructs/deployed.test.ts';
const ALARMS = 'constructs/rotation-alarms.test.ts';
const GRANTS = 'constructs/read-grant.test.ts';
const ATTACKS = 'adversary/administrators-login.test.ts';
const RECORDS = 'local/cloudtrail.test.ts';

/** What people do with a secret that rotates. */
export const OF_TASKS: Tables = {
  'SECURITY.md': [
    [
      'whoever may',
      rows({
        'read the rotated secret': [GRANTS, 'reads that encrypted secret by its labels, and nothing else'],
        'write the rotated secret': [ATTACKS, 'gets no connection by storing %s'],
        'create a secret below': [
          'adversary/creator-in-a-fleet.test.ts',
          'gets no user of another secret, no administrator and no password that was sent',
        ],
        'rotate a secret': { limit: 'RotateSecret returns no value' },
        "read the administrator's secret": { limit: 'whoever has that login is the administrator' },
        "write the administrator's secret": [
          [ATTACKS, 'goes where its own secret says, if the declaration is silent'],
          ['adversary/unproved-server.test.ts', 'A server that does not prove that it knows the password'],
        ],
        'invoke the function': ['lambda/rotation/rotation-event.test.ts', 'refuses %s as EVENT, and says what to do'],
        'change the function': { limit: 'whoever has the role reads what it reads' },
        "read the function's log": ['adversary/server-log.test.ts', 'has no password of %s in its log'],
        "read Terraform's state or plan": [
          'terraform/no-secret-left.test.ts',
          'no value is left in state, plan, output, logs',
        ],
        'listen on the network': [
          'adversary/unproved-server.test.ts',
          'A server that does not prove that it knows the password',
        ],
        'log in to the database': ['lambda/postgres/failures.test.ts', 'try for eight seconds to get a lock'],
        'use the database as one': { limit: 'SCRAM stores no password, and the function sends none to the other' },
      }),
    ],
  ],
  'docs/adopt.md': [
    [
      'what you see',
      rows({ 'the old function rotates between': [DEPLOYED, 'and its value stays readable throughout'] }),
    ],
  ],
  'docs/alarms.md': [
    ['alarm', by('docs/synthesized.test.ts')],
    ['TypeScript', members('RotationAlarmsProps', ['provider', 'email', 'topicArn'])],
    [
      'what is wrong',
      rows({
        'the topic is in another region': ['modules/messages.txt', 'topic_arn is a FIFO topic'],
        'a watched secret does not exist': [
          [ALARMS, 'find a prefix that no secret has'],
          [ALARMS, 'find a secret that does not exist any more'],
        ],
        'the function `NAME-overdue` lacks': [ALARMS, 'tell of a permission that is missing, and name the action'],
        'there is no trail': [ALARMS, 'once, and when it is over, without a trail'],
        "the topic's policy or [key]": {
          source: 'https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services',
        },
      }),
    ],
  ],
  'docs/audit.md': [
    ['`eventName`', answers],
    [
      'what you see',
      rows({
        'no events': { source: 'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html' },
        'the trail has no rotations': {
          source:
            'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html',
        },
        'reads of a role': [RECORDS, 'say who read a secret, and which version'],
      }),
    ],
  ],
  'docs/fleet.md': [
    [
      'what you see',
      rows({
        'synth says that a name': ['constructs/shared-function.test.ts', 'refuses a secret with %s'],
        'synth says that `functionOptions`': 'functionOptions and a shared function. Give them to the RotationFunction',
        '`CONFIGURATION`, with the name': ['adversary/creator-in-a-fleet.test.ts', 'gets no user of another secret'],
        '`THROTTLED`': ['local/quotas.test.ts', 'refuses the calls of one second beyond the quota'],
      }),
    ],
  ],
  'docs/harden.md': [
    [
      'reader',
      rows({
        '`rotaform-client`': ['client/secrets-cache.test.ts', 'reads each label separately'],
        'an AWS SDK': [GRANTS, 'reads that encrypted secret by its labels, and nothing else'],
        'the AWS CLI': [GRANTS, 'reads that encrypted secret by its labels, and nothing else'],
        "[AWS's own caches]": {
          source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets.html',
        },
      }),
    ],
    ['option', members('RotationFunctionOptions', undefined, /^[a-z]+(?:[A-Z]\w*)?$/)],
    [
      'what you see',
      rows({
        '[`NETWORK`](errors.md#function-network) in setSecret': [
          'constructs/network.test.ts',
          'may connect to AWS and to the ports of its target',
        ],
        '[`PRIVILEGE`]': [ALARMS, 'tell of a permission that is missing, and name the action'],
        'a reader gets': [GRANTS, 'reads that encrypted secret by its labels, and nothing else'],
      }),
    ],
  ],
  'docs/on-rotated.md': [['follower', answers]],
  'docs/read-observe.md': [['metric', answers]],
  'docs/read-without-aws.md': [['variable', rows()]],
  'docs/read.md': [
    ['you use', drivers],
    ['option', by('docs/read.test.ts')],
    ['option', both(members('SecretOptions', []), defaults('SecretOptions'))],
    ['option', both(members('AdapterOptions', []), defaults('AdapterOptions'))],
    ['code', codes('client/secret-read-error.ts', 'SecretReadErrorCode', 'all')],
  ],
  'docs/regions.md': [
    [
      'who',
      rows({
        'the secret': [GRANTS, 'returns the policy of the secret, the statements for its keys, and the document'],
        'each customer key': [
          GRANTS,
          'returns the policy of the secret, the statements for its keys, and the document',
        ],
        "the reader's account": 'output "read_policy_json"',
      }),
    ],
    [
      'what you see',
      rows({
        'synth names another region': [
          'constructs/provider.test.ts',
          'A function and its secret are refused in two regions',
        ],
        'a reader of another account gets': [
          'terraform/two-accounts.test.ts',
          'read both by label, and nobody else there',
        ],
        'a reader gets it for the replica': [
          'constructs/replicas.test.ts',
          'are reached by grantRead, with the key of each',
        ],
      }),
    ],
  ],
  'docs/rename.md': [
    [
      'Terraform says',
      rows({
        'the first value is missing': [
          'terraform/rename.test.ts',
          'is refused at plan if its first value is not given',
        ],
        '`a secret with this name': 'already scheduled for deletion',
      }),
    ],
  ],
};
