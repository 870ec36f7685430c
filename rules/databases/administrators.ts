import { isSecretId } from '../secret-id.ts';

/** An administrator of a database: whose credential changes the passwords of others. */
export interface Administrator {
  /** Its secret, by the whole ARN. */
  readonly secretArn: string;
  /**
   * The only host that gets its credential; may be a Terraform reference, such as the endpoint of a cluster.
   * @default the `host` in its secret
   */
  readonly host?: string;
  /**
   * The port on that host.
   * @default the `port` in its secret, else the engine's usual one
   */
  readonly port?: number;
  /**
   * The customer key that its secret is encrypted with.
   * @default AWS's own key, `aws/secretsmanager`
   */
  readonly kmsKeyArn?: string;
}

/** As the function reads it: Terraform gives the port of a reference as a string. */
export interface DeclaredAdministrator {
  readonly secretArn: string;
  readonly host?: string;
  readonly port?: number;
}

/** @throws RangeError */
export function readAdministrators(variable: string | undefined): readonly DeclaredAdministrator[] {
  if (variable === undefined) return [];
  const wrong = () =>
    new RangeError(
      'ADMINS is not as expected: expected JSON such as [{"secretArn":"…","host":"…","port":5432}]. Correct the ' +
        "function's environment.",
    );
  const found = parsed(variable);
  if (!Array.isArray(found)) throw wrong();
  return found.map((each: unknown) => {
    const { secretArn, host, port } = Object(each) as Record<string, unknown>;
    const isRight =
      isSecretId(secretArn) && (host === undefined || isText(host)) && (port === undefined || isPort(port));
    if (!isRight) throw wrong();
    return {
      secretArn: String(secretArn),
      ...(host !== undefined && { host: String(host) }),
      ...(port !== undefined && { port: Number(port) }),
    };
  });
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';

/** Whether a value, such as a field of a secret, is a TCP port. */
export const isPort = (value: unknown): boolean =>
  typeof value !== 'object' && /^[1-9]\d{0,4}$/.test(String(value)) && Number(value) <= 65_535;

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
