import type { Account } from '../account.ts';
import { sendToTarget } from './send-to-target.ts';

export interface EventTarget {
  readonly Id: string;
  readonly Arn: string;
  /** As whom EventBridge calls what has no policy of its own. */
  readonly RoleArn?: string | undefined;
  readonly InputTransformer?:
    | { readonly InputPathsMap: Readonly<Record<string, string>>; readonly InputTemplate: string }
    | undefined;
  readonly DeadLetterConfig?: { readonly Arn: string } | undefined;
}

export interface EventRule {
  readonly name: string;
  readonly arn: string;
  readonly pattern: string;
  readonly description: string | undefined;
  readonly matches: (event: unknown) => boolean;
  readonly targets: Map<string, EventTarget>;
  readonly tags: Map<string, string>;
}

/** Where an HTTP request goes. Nothing is sent to it here. */
export interface ApiDestination {
  readonly name: string;
  readonly arn: string;
  readonly settings: Readonly<Record<string, string | number | undefined>>;
}

/** The rules of one account's default bus, and its API destinations, by name. */
export class RuleStore {
  readonly apiDestinations = new Map<string, ApiDestination>();
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

  all(): EventRule[] {
    return [...this.#rules.values()];
  }

  clear(): void {
    this.#rules.clear();
    this.apiDestinations.clear();
  }

  /** Sends an event to the targets of each rule that it matches. */
  deliver(event: object, account: Account): void {
    for (const rule of this.#rules.values()) {
      if (!rule.matches(event)) continue;
      for (const target of rule.targets.values()) sendToTarget(event, target, rule, account);
    }
  }
}
