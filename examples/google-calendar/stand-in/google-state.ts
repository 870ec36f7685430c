import { generateKeyPairSync, type KeyObject, randomBytes, randomUUID } from 'node:crypto';

/** A token that was issued. */
export interface IssuedToken {
  /** The service account, or the AWS role that came in by workload identity. */
  readonly principal: string;
  /** The user in whose name it acts. */
  readonly subject?: string | undefined;
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
}

/** A role of AWS, as AWS would tell it to Google. */
export interface AwsIdentity {
  readonly secretAccessKey: string;
  readonly roleArn: string;
}

interface Key {
  readonly account: string;
  readonly publicKey: KeyObject;
}

/** What Google knows: accounts, their keys, who may what, and which tokens it has issued. */
export class GoogleState {
  readonly keys = new Map<string, Key>();
  readonly tokens = new Map<string, IssuedToken>();
  /** Who may make tokens of an account: other accounts by address, AWS's roles by ARN. */
  readonly tokenCreators = new Map<string, Set<string>>();
  /** Who may have a project pay for calls. */
  readonly quotaProjects = new Map<string, ReadonlySet<string>>();
  /** Accounts whose tokens may live twelve hours. */
  readonly longLived = new Set<string>();
  /** Scopes that an account may use in the name of a user. */
  readonly delegations = new Map<string, readonly string[]>();
  /** Roles of AWS that a provider lets in. */
  readonly providers = new Map<string, ReadonlySet<string>>();
  /** Who signs with an access key of AWS. */
  awsIdentity: (accessKeyId: string) => AwsIdentity | undefined = () => undefined;
  isIamCredentialsEnabled = true;
  /** Scopes that the next token lacks. */
  dropsNextScope = false;
  #clockAheadMs = 0;

  /** Makes a service account. @returns its key, as Google's console downloads it */
  createAccount(account: string, { keyPair = newKeyPair() }: { readonly keyPair?: KeyPair } = {}) {
    const private_key_id = randomBytes(20).toString('hex');
    this.keys.set(private_key_id, { account, publicKey: keyPair.publicKey });
    this.tokenCreators.set(account, new Set([account]));
    return {
      type: 'service_account',
      private_key_id,
      private_key: String(keyPair.privateKey.export({ type: 'pkcs8', format: 'pem' })),
      client_email: account,
      token_uri: 'https://oauth2.googleapis.com/token',
      universe_domain: 'googleapis.com',
    };
  }

  /** The account's public keys. */
  keysOf(account: string): KeyObject[] {
    return [...this.keys.values()].filter((key) => key.account === account).map(({ publicKey }) => publicKey);
  }

  /** Issues a token. @returns its text */
  issue({ scopes, ...token }: Omit<IssuedToken, 'expiresAtMs'>, lifetimeSeconds: number): string {
    const text = `ya29.${randomUUID()}${randomUUID()}`;
    const granted = this.dropsNextScope ? scopes.slice(1) : scopes;
    this.dropsNextScope = false;
    this.tokens.set(text, { ...token, scopes: granted, expiresAtMs: this.nowMs() + lifetimeSeconds * 1_000 });
    return text;
  }

  /** What is known of a token that is alive. */
  token(text: string | undefined): IssuedToken | undefined {
    const found = this.tokens.get(text ?? '');
    return found !== undefined && found.expiresAtMs > this.nowMs() ? found : undefined;
  }

  /** Moves Google's clock. */
  advance(seconds: number): void {
    this.#clockAheadMs += seconds * 1_000;
  }

  nowMs(): number {
    return Date.now() + this.#clockAheadMs;
  }
}

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export function newKeyPair(): KeyPair {
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}
