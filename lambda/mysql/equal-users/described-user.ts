import type { Account } from '../account.ts';
import type { MysqlSession } from '../mysql-session.ts';
import type { Server } from '../server.ts';

/** A user as the server describes it, without its name and passwords. */
export interface DescribedUser {
  /** Its default roles, as SQL. */
  readonly roles: string;
  /** What ALTER USER sets: each option, also those that are as the server has them. */
  readonly options: string;
  /** A comment and what else MySQL keeps for people, in JSON; nothing if there is none. */
  readonly attribute: string;
  /** The rows of SHOW GRANTS, in one order. */
  readonly grants: readonly string[];
  /** What no statement here sets, but must be the same. */
  readonly rest: readonly string[];
}

/** What differs between the products. */
export interface KindOfUser {
  /** Of the session: names are told in one way, and no GRANT makes a user. */
  readonly settings: string;
  /** What follows the name of a new user, who is locked, and whose password nobody knows. */
  locked(model: Account): string;
  /** What follows `SET DEFAULT ROLE …`. */
  readonly defaultRoleOf: 'FOR' | 'TO';
  describe(session: MysqlSession, server: Server, user: Pick<Account, 'user' | 'host'>): Promise<DescribedUser>;
}

/** What both users are told apart by: statements can set all of it but `rest`. */
export function partsOf({ roles, options, attribute, grants, rest }: DescribedUser): readonly string[] {
  return [...grants, ...rest, options, `DEFAULT ROLE ${roles}`, ...(attribute && [`ATTRIBUTE ${attribute}`])];
}

/** Names of one list in one order: the server has them in that of the account. */
export const sortedLists = (row: string, item: string, mark: string): string =>
  row.replace(new RegExp(`${item}(?:${mark}${item})+`, 'g'), (list) =>
    (list.match(new RegExp(item, 'g')) ?? []).toSorted().join(mark),
  );

/** A name in quotes. */
export const QUOTED = '`(?:[^`]|``)*`';
