import { publishRejected } from './diagnostics.ts';
import { type ReadValue, readValue, type ValueOptions } from './read-value.ts';
import type { StoredVersion } from './read-version.ts';

/** A version and what it holds. */
export interface VersionValue<Value> extends ReadValue<Value> {
  readonly versionId: string;
}

/** Looks at the value of each version of a secret once, however often it is read. */
export class VersionReader<Value> {
  /** The last that its schema refused. */
  #rejected: { readonly versionId: string; readonly error: unknown } | undefined;

  constructor(
    private readonly secretId: string,
    private readonly options: ValueOptions<Value>,
  ) {}

  /** @param known is not looked at again. @throws SECRET_VALUE */
  async valueOf(
    { versionId, content }: StoredVersion,
    versionStage: string,
    known: VersionValue<Value> | undefined,
  ): Promise<VersionValue<Value>> {
    if (known?.versionId === versionId) return known;
    if (this.#rejected?.versionId === versionId) throw this.#rejected.error;
    const { secretId } = this;
    try {
      return { versionId, ...(await readValue(content, this.options, `${versionStage} of ${secretId}`)) };
    } catch (error) {
      this.#rejected = { versionId, error };
      const message = error instanceof Error ? error.message : '';
      publishRejected({ secretId, versionStage, versionId, message });
      throw error;
    }
  }
}
