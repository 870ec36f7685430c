import type { Account } from '../account.ts';
import { Alarm } from '../cloudwatch/alarm.ts';
import { eventPattern } from '../events/event-pattern.ts';
import type { ApiDestination, EventTarget } from '../events/rule-store.ts';
import type { QueuedMessage } from '../sqs/queue-store.ts';
import { readDefinition } from '../step-functions/definition.ts';
import type { WrittenSnapshot } from './restore.ts';

type Tags = [string, string][];

/** Puts back what tells of a rotation, or follows it. A state that was written before it was kept has none of it. */
export function restoreWatchers(written: WrittenSnapshot['accounts'][number], account: Account): void {
  const { alarms = [], topics = [], queues = [], machines = [], rules = [], apiDestinations = [] } = written;
  for (const topic of topics) account.topics.add({ ...topic, tags: new Map(topic.tags as Tags) });
  for (const queue of queues) {
    account.queues.add({
      ...queue,
      messages: queue.messages as QueuedMessage[],
      settings: new Map(queue.settings as Tags),
      tags: new Map(queue.tags as Tags),
    });
  }
  for (const { createdDate, ...machine } of machines) {
    account.machines.add({
      ...machine,
      definition: readDefinition(machine.text),
      createdDate: new Date(createdDate),
      tags: new Map(machine.tags as Tags),
    });
  }
  for (const rule of rules) {
    const targets = rule.targets as unknown as EventTarget[];
    account.eventRules.add({
      ...rule,
      description: rule.description,
      matches: eventPattern(rule.pattern),
      targets: new Map(targets.map((target) => [target.Id, target])),
      tags: new Map(rule.tags as Tags),
    });
  }
  for (const destination of apiDestinations as unknown as ApiDestination[]) {
    account.eventRules.apiDestinations.set(destination.name, destination);
  }
  for (const { settings, tags, memory } of alarms) {
    const kept = memory as Alarm['memory'];
    account.alarms.add(new Alarm(settings as Alarm['settings'], account, kept.points, new Map(tags as Tags), kept));
  }
}
