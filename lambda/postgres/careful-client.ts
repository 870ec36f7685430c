import Client from 'pg/lib/client.js';
import { RotationError } from '../rotation/index.ts';

/**
 * Ed25519 and Ed448, as a certificate names them. Their signatures have no hash by which to bind the channel: a server offers
 * it all the same, and then refuses every client that takes it.
 * @see https://www.rfc-editor.org/rfc/rfc5929#section-4.1
 */
const WITHOUT_HASH = ['06032b6570', '06032b6571'].map((oid) => Buffer.from(oid, 'hex'));

/**
 * What a session begins with, whatever `ALTER DATABASE` or `ALTER ROLE` say: the start-up packet outranks both. The owner of a
 * database must not decide as whom an administrator acts, nor for how long.
 */
const OWN_SETTINGS = {
  role: 'none',
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  default_transaction_read_only: 'off',
  standard_conforming_strings: 'on',
  row_security: 'on',
};

/**
 * A client that never gives a password away: the driver's own answers a server that asks for it in the clear or as MD5.
 * SCRAM proves that both sides know the password, bound to the TLS channel where server and certificate can. A login that asks for
 * no password proves nothing, so it is none.
 */
export class CarefulClient extends Client {
  readonly #allowMd5: boolean;
  #isProved = false;
  #salt: Buffer | undefined;
  #version = 0;

  constructor({ allowMd5, ...config }: ConstructorParameters<typeof Client>[0] & { readonly allowMd5: boolean }) {
    super(config);
    this.#allowMd5 = allowMd5;
    this.connection.on('parameterStatus', ({ parameterName, parameterValue }) => {
      if (parameterName === 'server_version') this.#version = Number.parseInt(parameterValue, 10);
    });
  }

  /** That of the verifier by which the server judges the user's password, in SCRAM; the server says it before it has judged. */
  get salt(): Buffer | undefined {
    return this.#salt;
  }

  /** What the start-up packet cannot say, since older servers refuse it: timeouts that would end the session. */
  get ownTimeouts(): readonly string[] {
    const since = [
      [17, 'transaction_timeout'],
      [14, 'idle_session_timeout'],
    ] as const;
    return since.filter(([version]) => version <= this.#version).map(([, name]) => `SET ${name} = 0`);
  }

  protected override getStartupConf(): Record<string, string> {
    const conf = super.getStartupConf();
    return { ...conf, session_authorization: conf.user ?? '', ...OWN_SETTINGS };
  }

  protected override _handleAuthCleartextPassword(): void {
    this.#refuse('asks for the password in the clear. Nothing was sent.', 'Have pg_hba.conf ask for scram-sha-256.');
  }

  protected override _handleAuthMD5Password(message: unknown): void {
    if (this.#allowMd5) {
      this.#isProved = true;
      super._handleAuthMD5Password(message);
    } else {
      this.#refuse(
        'asks for the password as MD5, which reveals a password that can be guessed. Nothing was sent.',
        'Store the password as SCRAM-SHA-256 (password_encryption), or declare allowMd5: true.',
      );
    }
  }

  protected override _handleAuthSASL(message: unknown): void {
    // A socket without TLS has no such method.
    const { raw } = this.connection.stream.getPeerCertificate?.() ?? {};
    this.enableChannelBinding = raw !== undefined && !WITHOUT_HASH.some((oid) => raw.includes(oid));
    super._handleAuthSASL(message);
  }

  protected override async _handleAuthSASLContinue(message: { readonly data: string }): Promise<void> {
    const [, salt] = /(?:^|,)s=([^,]+)/.exec(message.data) ?? [];
    if (salt !== undefined) this.#salt = Buffer.from(salt, 'base64');
    await super._handleAuthSASLContinue(message);
  }

  protected override _handleAuthSASLFinal(message: unknown): void {
    super._handleAuthSASLFinal(message);
    // The driver drops its session once it has verified the server's signature, and only then.
    this.#isProved = this.saslSession === null;
  }

  protected override _handleReadyForQuery(message: unknown): void {
    if (this.#isProved) {
      super._handleReadyForQuery(message);
    } else {
      this.#refuse(
        'lets the function in without a password, so a login proves neither the password nor the server.',
        'Have pg_hba.conf ask for scram-sha-256.',
      );
    }
  }

  #refuse(problem: string, remedy: string): void {
    const where = `${this.host}:${this.port}`;
    this.connection.emit('error', new RotationError('CONFIGURATION', `${where} ${problem} ${remedy}`));
  }
}
