import type { Account } from './account.ts';
import type { CallEvent } from './account-events.ts';
import type { Action } from './action.ts';
import { actions as cloudwatchActions } from './cloudwatch/actions.ts';
import { judgeCall as judgeCloudwatchCall } from './cloudwatch/judge-call.ts';
import { actions as eventsActions } from './events/actions.ts';
import { judgeCall as judgeEventsCall } from './events/judge-call.ts';
import { actions as iamActions } from './iam/actions.ts';
import { judgeCall as judgeIamCall } from './iam/judge-call.ts';
import { actions as kmsActions } from './kms/actions.ts';
import { actions as lambdaActions } from './lambda/actions.ts';
import { judgeCall as judgeLambdaCall } from './lambda/judge-call.ts';
import { routes as lambdaRoutes } from './lambda/routes.ts';
import { actions as logsActions } from './logs/actions.ts';
import { judgeCall as judgeLogsCall } from './logs/judge-call.ts';
import { judgePlainCall } from './permissions/judge-plain-call.ts';
import type { Requester } from './permissions/role-session.ts';
import { actions as schedulerActions } from './scheduler/actions.ts';
import { judgeCall as judgeSchedulerCall } from './scheduler/judge-call.ts';
import { routes as schedulerRoutes } from './scheduler/routes.ts';
import { actions as secretsManagerActions } from './secrets-manager/actions.ts';
import { judgeCall } from './secrets-manager/judge-call.ts';
import { ownerOf } from './secrets-manager/owner-of.ts';
import { actions as snsActions } from './sns/actions.ts';
import { judgeCall as judgeSnsCall } from './sns/judge-call.ts';
import { actions as sqsActions } from './sqs/actions.ts';
import { judgeCall as judgeSqsCall } from './sqs/judge-call.ts';
import { actions as statesActions } from './step-functions/actions.ts';
import { judgeCall as judgeStatesCall } from './step-functions/judge-call.ts';
import { actions as stsActions } from './sts/actions.ts';
import { jsonProtocol } from './wire/json-protocol.ts';
import type { Protocol, WireCall } from './wire/protocol.ts';
import { queryProtocol } from './wire/query-protocol.ts';
import { restProtocol } from './wire/rest-protocol.ts';

/** One of AWS's services, as far as it works here. */
export interface Service {
  /** Its name in IAM and in the account's events. */
  readonly id: CallEvent['service'];
  /** Its name for people. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly actions: ReadonlyMap<string, Action<never, unknown>>;
  /** The account that a call is about, if it is not the caller's own. @default the caller's */
  readonly ownerOf?: (input: unknown, account: Account) => Account;
  /** @throws AccessDeniedException the requester may not make the call. */
  readonly judge: (requester: Requester, call: WireCall, account: Account) => void;
}

/** Every service that works here. */
export const services: readonly Service[] = [
  {
    id: 'secretsmanager',
    name: 'Secrets Manager',
    protocol: jsonProtocol('secretsmanager'),
    actions: secretsManagerActions,
    ownerOf,
    judge: judgeCall,
  },
  {
    id: 'logs',
    name: 'CloudWatch Logs',
    protocol: jsonProtocol('Logs_20140328'),
    actions: logsActions,
    judge: judgeLogsCall,
  },
  {
    id: 'lambda',
    name: 'Lambda',
    // Each path begins with a date.
    protocol: restProtocol({ name: 'Lambda', prefix: '/20', routes: lambdaRoutes }),
    actions: lambdaActions,
    judge: judgeLambdaCall,
  },
  {
    id: 'scheduler',
    name: 'EventBridge Scheduler',
    protocol: restProtocol({ name: 'EventBridge Scheduler', prefix: '/schedules/', routes: schedulerRoutes }),
    actions: schedulerActions,
    judge: judgeSchedulerCall,
  },
  {
    id: 'iam',
    name: 'IAM',
    protocol: queryProtocol('2010-05-08'),
    actions: iamActions,
    judge: judgeIamCall,
  },
  // Every caller may ask who it is, and a role's trust policy says who may assume it.
  { id: 'sts', name: 'STS', protocol: queryProtocol('2011-06-15'), actions: stsActions, judge: () => {} },
  {
    id: 'kms',
    name: 'KMS',
    protocol: jsonProtocol('TrentService'),
    actions: kmsActions,
    judge: judgePlainCall('kms'),
  },
  {
    id: 'events',
    name: 'EventBridge',
    protocol: jsonProtocol('AWSEvents'),
    actions: eventsActions,
    judge: judgeEventsCall,
  },
  {
    id: 'sns',
    name: 'SNS',
    protocol: queryProtocol('2010-03-31'),
    actions: snsActions,
    judge: judgeSnsCall,
  },
  {
    id: 'sqs',
    name: 'SQS',
    protocol: jsonProtocol('AmazonSQS', { QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue' }),
    actions: sqsActions,
    judge: judgeSqsCall,
  },
  {
    id: 'states',
    name: 'Step Functions',
    protocol: jsonProtocol('AWSStepFunctions'),
    actions: statesActions,
    judge: judgeStatesCall,
  },
  {
    id: 'cloudwatch',
    name: 'CloudWatch',
    protocol: queryProtocol('2010-08-01'),
    actions: cloudwatchActions,
    judge: judgeCloudwatchCall,
  },
];
