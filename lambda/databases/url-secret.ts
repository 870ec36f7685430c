import type { StandardSchemaV1 } from '@standard-schema/spec';
import { RotationError, type RotationStrategy } from '../rotation/index.ts';
import type { DatabaseEngine } from './database-engine.ts';
import type { DatabaseSecret } from './database-secret.ts';
import { loginInUrl, withLogin } from './login-in-url.ts';

type Stored = DatabaseSecret<string | undefined>;
type Strategy = RotationStrategy<Stored, DatabaseSecret>;

/** The same strategy for a secret that is one URL, such as `postgres://app:…@db.example.com:5432/shop`. */
export function ofUrl(strategy: Strategy, { names }: DatabaseEngine): Strategy {
  return {
    ...strategy,
    format: 'text',
    current: urlSchema(strategy.current, names),
    pending: urlSchema(strategy.pending, names),
    async create(current, context) {
      if (current === undefined) {
        throw new RotationError(
          'SECRET_VALUE',
          'The secret has no value. Store a URL with user and host to begin with.',
        );
      }
      const { url, ...secret } = current as Stored & { readonly url: string };
      const { username = secret.username, password = '' } = await strategy.create(secret, context);
      // The protocol takes the whole text of a secret that is one string.
      return withLogin(url, { username, password }) as never;
    },
  };
}

/** Reads a URL as the JSON of the same secret, and judges that. */
function urlSchema<Secret>(
  schema: StandardSchemaV1<unknown, Secret>,
  names: readonly string[],
): StandardSchemaV1<unknown, Secret> {
  const expected = `a URL such as ${names[0]}://USER:PASSWORD@HOST:PORT/DATABASE`;
  const issues = [{ message: 'no such URL', expected }];
  const validate = async (value: unknown): Promise<StandardSchemaV1.Result<Secret>> => {
    if (typeof value !== 'string' || !URL.canParse(value)) return { issues };
    const { protocol, hostname, port, pathname, searchParams } = new URL(value);
    const engine = protocol.slice(0, -1);
    const login = loginInUrl(value);
    if (!names.includes(engine) || hostname === '' || login?.username === undefined) return { issues };
    const document = {
      ...{ engine, host: hostname.replace(/^\[|\]$/g, ''), username: login.username },
      ...(login.password && { password: login.password }),
      ...(port !== '' && { port }),
      ...(pathname.length > 1 && { dbname: decodeURIComponent(pathname.slice(1)) }),
      ...(searchParams.get('sslmode') === 'disable' && { ssl: false }),
    };
    const result = await schema['~standard'].validate(document);
    if (result.issues !== undefined) return { issues };
    // Before the first rotation there is no password, and no place for it.
    const url = value.replace(/^([^:]+:\/\/[^:@/?#]*)@/, '$1:@');
    return { value: { ...result.value, url } };
  };
  return { '~standard': { version: 1, vendor: 'rotaform', validate } };
}
