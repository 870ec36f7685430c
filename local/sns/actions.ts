import type { Action } from '../action.ts';
import { tagActions } from '../tag-list.ts';
import { action } from './action.ts';
import {
  createTopic,
  deleteTopic,
  existingTopic,
  getSubscriptionAttributes,
  getTopicAttributes,
  setTopicAttributes,
  subscribe,
  unsubscribe,
} from './topics.ts';

/** Every action of the API that works here, by AWS's name for it. */
export const actions: ReadonlyMap<string, Action<never, unknown>> = new Map<string, Action<never, unknown>>([
  ['CreateTopic', createTopic],
  ['DeleteTopic', deleteTopic],
  ['GetSubscriptionAttributes', getSubscriptionAttributes],
  ['GetTopicAttributes', getTopicAttributes],
  ['SetTopicAttributes', setTopicAttributes],
  ['Subscribe', subscribe],
  ...tagActions(action, 'ResourceArn', (arn, account) => existingTopic(arn, account).tags),
  ['Unsubscribe', unsubscribe],
]);
