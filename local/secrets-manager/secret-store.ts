import type { Secret } from './secret.ts';

const ARN = /^arn:[^:]+:secretsmanager:[^:]+:[^:]+:secret:(?<rest>.+)$/;
const SUFFIX = /-[A-Za-z0-9]{6}$/;

/** The secrets of one account. */
export class SecretStore {
  readonly #byName = new Map<string, Secret>();

  add(secret: Secret): void {
    this.#byName.set(secret.name, secret);
  }

  /** Removes the secret at once and permanently. */
  remove(secret: Secret): void {
    secret.close();
    this.#byName.delete(secret.name);
  }

  all(): Secret[] {
    return [...this.#byName.values()];
  }

  /**
   * @param secretId a name, an ARN, or an ARN without its suffix. If its last part looks like a suffix, it counts as one,
   * so the partial ARN of a secret whose name ends that way finds nothing.
   */
  find(secretId: string): Secret | undefined {
    const rest = ARN.exec(secretId)?.groups?.rest;
    if (rest === undefined) return this.#byName.get(secretId);
    const secret = this.#byName.get(rest.replace(SUFFIX, ''));
    const arn = SUFFIX.test(rest) ? secret?.arn : secret?.arn.replace(SUFFIX, '');
    return arn === secretId ? secret : undefined;
  }

  /**
   * Removes the secret's versions without labels now, as AWS does at a time of its choice. For tests of what happens
   * then.
   */
  forgetUnlabelledVersions(secretId: string): void {
    this.find(secretId)?.forgetUnlabelledVersions();
  }

  close(): void {
    for (const secret of this.all()) secret.close();
  }

  clear(): void {
    for (const secret of this.all()) this.remove(secret);
  }
}
