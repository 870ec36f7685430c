import type { Action } from '../action.ts';
import { createTopic, deleteTopic, setTopicAttributes, subscribe } from './topics.ts';

/** Every action of the API that works here, by AWS's name for it. */
export const actions: ReadonlyMap<string, Action<never, unknown>> = new Map<string, Action<never, unknown>>([
  ['CreateTopic', createTopic],
  ['DeleteTopic', deleteTopic],
  ['SetTopicAttributes', setTopicAttributes],
  ['Subscribe', subscribe],
]);
