import type { Secret } from './secret.ts';

const ARN = /^arn:[^:]+:secretsmanager:[^:]+:[^:]+:secret:(?<rest>.+)$/;
const SUFFIX = /-[A-Za-z0-9]{6}$/;

/** The secrets of one account. */
export class SecretStore {
  readonly #byName = new Map<string, Secret>();

  add(secret: Secret): void {
    this.#byName.set(secret.name, secret);
  }

  /** Removes the secret at once and for good. */
  remove(secret: Secret): void {
    secret.close();
    this.#byName.delete(secret.name);
  }

  all(): Secret[] {
    return [...this.#byName.values()];
  }

  /**
   * @param secretId a name, an ARN, or an ARN without its suffix. A last part that looks like a suffix is taken for one,
   * so the partial ARN of a secret whose name ends like that finds nothing.
   */
  find(secretId: string): Secret | undefined {
    const rest = ARN.exec(secretId)?.groups?.rest;
    if (rest === undefined) return this.#byName.get(secretId);
    const secret = this.#byName.get(rest.replace(SUFFIX, ''));
    const arn = SUFFIX.test(rest) ? secret?.arn : secret?.arn.replace(SUFFIX, '');
    return arn === secretId ? secret : undefined;
  }

  /**
   * Forgets the secret's versions without labels now, as AWS does at a time of its own choice. For tests of what then
   * happens.
   */
  forgetUnlabelledVersions(secretId: string): void {
    this.find(secretId)?.forgetUnlabelledVersions();
  }

  close(): void {
    for (const secret of this.all()) secret.close();
  }
}
