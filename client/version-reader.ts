import { publish, type SecretName } from './diagnostics.ts';
import { type ReadValue, readValue, type ValueOptions } from './read-value.ts';
import { isOfNewVersion } from './secret-read-error.ts';
import type { SecretRead } from './secret-reads.ts';
import { withDeadline } from './with-deadline.ts';

/** A version and what it holds. */
export interface VersionValue<Value> extends ReadValue<Value> {
  readonly versionId: string;
}

/** Looks at the value of each version of a secret once, however often it is read. */
export function versionReader<Value>(options: ValueOptions<Value>, timeoutSeconds: number) {
  /** The last that its schema refused. */
  let rejected: { readonly versionId: string; readonly error: unknown } | undefined;

  /**
   * @param known is not looked at again
   * @param signal gives it up
   * @throws SECRET_VALUE, or TIMEOUT where the schema does not answer
   */
  return async (
    { versionId, content }: SecretRead,
    name: SecretName,
    known: VersionValue<Value> | undefined,
    signal: AbortSignal,
  ): Promise<VersionValue<Value>> => {
    if (known?.versionId === versionId) return known;
    if (rejected?.versionId === versionId) throw rejected.error;
    const what = `${name.versionStage} of ${name.secretId}`;
    try {
      const read = () => readValue(content, options, what);
      const value = options.schema
        ? withDeadline(timeoutSeconds, signal, `${what} cannot be read: its schema`, read)
        : read();
      return { versionId, ...(await value) };
    } catch (error) {
      if (isOfNewVersion(error)) {
        rejected = { versionId, error };
        publish('rejected', { ...name, versionId, message: (error as Error).message });
      }
      throw error;
    }
  };
}
