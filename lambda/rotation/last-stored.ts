interface Version {
  readonly secretId: string;
  readonly versionId: string;
}

let last: (Version & { readonly secretString: string }) | undefined;

/**
 * What createSecret stored last in this process. A version never changes, so testSecret, which comes seconds later and most
 * often to the same process, need not read it again. One at a time, and given once: no value stays for longer.
 */
export const lastStored = {
  keep({ secretId, versionId }: Version, secretString: string): void {
    last = { secretId, versionId, secretString };
  },
  take({ secretId, versionId }: Version): string | undefined {
    if (last?.secretId !== secretId || last.versionId !== versionId) return undefined;
    const { secretString } = last;
    last = undefined;
    return secretString;
  },
};
