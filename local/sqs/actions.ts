import type { Action } from '../action.ts';
import {
  createQueue,
  deleteMessage,
  deleteQueue,
  getQueueAttributes,
  listQueueTags,
  receiveMessage,
  setQueueAttributes,
  tagQueue,
  untagQueue,
} from './queues.ts';

/** Every action of the API that works here, by AWS's name for it. */
export const actions: ReadonlyMap<string, Action<never, unknown>> = new Map<string, Action<never, unknown>>([
  ['CreateQueue', createQueue],
  ['DeleteMessage', deleteMessage],
  ['DeleteQueue', deleteQueue],
  ['GetQueueAttributes', getQueueAttributes],
  ['ListQueueTags', listQueueTags],
  ['ReceiveMessage', receiveMessage],
  ['SetQueueAttributes', setQueueAttributes],
  ['TagQueue', tagQueue],
  ['UntagQueue', untagQueue],
]);
