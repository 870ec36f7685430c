interface Version {
  readonly secretId: string;
  readonly versionId: string;
}

let last: (Version & { readonly secretString: string }) | undefined;

/**
 * The value that createSecret stored last in this process. A version never changes, so testSecret does not have to read it
 * again: it comes seconds later, usually to the same process. One value is kept, and given once, so that none stays for
 * longer.
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
