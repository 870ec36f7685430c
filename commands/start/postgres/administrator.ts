import { readFileSync } from 'node:fs';
import pg from 'pg';
import { throwAwayPostgres } from '../../../harness/throw-away-postgres.ts';

/** The users of `examples/postgres/main.ts`, and the roles that the rotation creates for them. */
const USERS = ['rotaform_shop', 'rotaform_reporting'];
const ROLES = [...USERS, 'rotaform_shop_clone', 'rotaform_shop_owner'];

/** A database and its administrator, for the time of the show. */
export interface Administrator {
  readonly host: string;
  readonly port: number;
  readonly dbname: string;
  readonly username: string;
  readonly password: string;
  /** The root certificate to trust, as PEM. Undefined for the roots of Node.js. */
  readonly ca?: string | undefined;
  /** Creates the users that the example rotates. @throws Error the server already has one of them, which somebody may use */
  createUsers(): Promise<void>;
  /** Removes what the show created, and nothing else. */
  end(): Promise<void>;
}

/**
 * The administrator in a URL as `psql` takes it, `postgres://USER:PASSWORD@HOST/DATABASE?sslrootcert=FILE`, or of
 * a PostgreSQL that is started for the show.
 */
export async function administrator(url: string | undefined): Promise<Administrator> {
  if (url !== undefined) return withUsers(readUrl(new URL(url)), async () => {});
  const server = await throwAwayPostgres();
  return withUsers({ ...server, dbname: 'postgres' }, () => server.stop());
}

type Access = Omit<Administrator, 'createUsers' | 'end'>;

function readUrl({ hostname, port, pathname, username, password, searchParams }: URL): Access {
  const root = searchParams.get('sslrootcert');
  if (searchParams.get('sslmode') === 'disable') {
    throw new Error(
      'The URL has sslmode=disable, but an administrator always logs in over TLS. Turn TLS on at the server.',
    );
  }
  return {
    host: hostname,
    port: Number(port || 5432),
    dbname: decodeURIComponent(pathname.slice(1)) || 'postgres',
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    ca: root === null ? undefined : readFileSync(root, 'utf8'),
  };
}

async function withUsers(access: Access, stop: () => Promise<void>): Promise<Administrator> {
  const { host, port, dbname, username, password, ca } = access;
  const ssl = { ...(ca !== undefined && { ca }) };
  let areOurs = false;
  const run = async <Row extends pg.QueryResultRow>(...statements: readonly string[]): Promise<Row[]> => {
    const client = new pg.Client({ host, port, database: dbname, user: username, password, ssl });
    await client.connect();
    try {
      let rows: Row[] = [];
      for (const statement of statements) ({ rows } = await client.query<Row>(statement));
      return rows;
    } finally {
      await client.end();
    }
  };
  const there = `SELECT rolname FROM pg_roles WHERE rolname IN (${ROLES.map((role) => `'${role}'`).join(', ')})`;
  return {
    ...access,
    async createUsers() {
      const before = await run<{ rolname: string }>(there);
      if (before.length > 0) {
        const found = before.map(({ rolname }) => rolname).join(', ');
        throw new Error(
          `The server already has ${found}. The show would create and drop these roles. Use another server.`,
        );
      }
      // One query is one transaction: both are created, or neither.
      await run(USERS.map((user) => `CREATE ROLE ${user} LOGIN`).join('; '));
      areOurs = true;
    },
    async end() {
      try {
        if (!areOurs) return;
        const left = (await run<{ rolname: string }>(there)).map(({ rolname }) => rolname).join(', ');
        // DROP OWNED takes default privileges away, and asks for the privileges of the roles.
        if (left !== '') await run(`GRANT ${left} TO CURRENT_USER`, `DROP OWNED BY ${left}`, `DROP ROLE ${left}`);
      } finally {
        await stop();
      }
    },
  };
}
