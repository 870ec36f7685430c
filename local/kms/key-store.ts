/** A customer key, without key material: nothing is encrypted here. */
export interface Key {
  readonly KeyId: string;
  readonly Arn: string;
  readonly CreationDate: Date;
  Description: string;
  /** JSON. */
  policy: string;
  /** How often the key rotates. Absent if it does not. */
  rotationPeriodDays?: number | undefined;
  /** When it is deleted. Absent unless somebody asked for it. */
  deletionDate?: Date | undefined;
  readonly tags: Map<string, string>;
}

/** The customer keys of one account, and their aliases. */
export class KeyStore {
  readonly #keys = new Map<string, Key>();
  /** Key id by alias, such as `alias/secrets`. */
  readonly aliases = new Map<string, string>();

  add(key: Key): void {
    this.#keys.set(key.KeyId, key);
  }

  clear(): void {
    this.#keys.clear();
    this.aliases.clear();
  }

  all(): Key[] {
    return [...this.#keys.values()];
  }

  /** @param keyId the key's id or ARN, or an alias or its ARN */
  find(keyId: string): Key | undefined {
    const [, id = keyId] = /^arn:[\w-]+:kms:[\w-]*:\d*:(?:key\/)?(.+)$/.exec(keyId) ?? [];
    return this.#keys.get(this.aliases.get(id) ?? id);
  }
}
