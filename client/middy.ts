/** `rotaform-client/middy`: secrets for handlers of middy. */
import type { RotatingSecret } from './rotating-secret.ts';

type Secrets = Readonly<Record<string, RotatingSecret<unknown>>>;

/** What the handler finds in its context, by the names of the secrets. */
export type SecretsContext<Declared extends Secrets> = {
  readonly [Name in keyof Declared]: Declared[Name] extends RotatingSecret<infer Value> ? Value : never;
};

/**
 * Puts the values of secrets into a handler's context, fresh for each invocation and from memory. Make the cache and its secrets
 * outside of the handler.
 *
 * @example
 * middy().use(readSecrets({ db })).handler(async (event, { db }) => db.username);
 */
export function readSecrets<const Declared extends Secrets>(secrets: Declared) {
  return {
    async before({ context }: { readonly context: object }): Promise<void> {
      const read = Object.entries(secrets).map(async ([name, secret]) => [name, secret.peek() ?? (await secret.get())]);
      Object.assign(context, Object.fromEntries(await Promise.all(read)));
    },
  };
}
