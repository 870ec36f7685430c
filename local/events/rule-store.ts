import type { Account } from '../account.ts';
import { inputText } from './input-text.ts';

export interface EventTarget {
  readonly Id: string;
  /** A topic. */
  readonly Arn: string;
  readonly InputTransformer?:
    | { readonly InputPathsMap: Readonly<Record<string, string>>; readonly InputTemplate: string }
    | undefined;
}

export interface EventRule {
  readonly name: string;
  readonly arn: string;
  readonly pattern: string;
  readonly description: string | undefined;
  readonly matches: (event: unknown) => boolean;
  readonly targets: Map<string, EventTarget>;
}

/** The rules of one account's default bus, by name. */
export class RuleStore {
  readonly #rules = new Map<string, EventRule>();

  add(rule: EventRule): void {
    this.#rules.set(rule.name, rule);
  }

  find(name: string): EventRule | undefined {
    return this.#rules.get(name);
  }

  remove(rule: EventRule): void {
    this.#rules.delete(rule.name);
  }

  clear(): void {
    this.#rules.clear();
  }

  /** Sends an event to the targets of each rule that it matches. */
  deliver(event: object, account: Account): void {
    for (const { matches, targets } of this.#rules.values()) {
      if (!matches(event)) continue;
      for (const { Arn, InputTransformer } of targets.values()) {
        const message = InputTransformer ? inputText(event, InputTransformer) : JSON.stringify(event);
        account.topics.publish(Arn, { message, service: 'events' }, account);
      }
    }
  }
}
