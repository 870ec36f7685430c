import { accountSql } from '../account.ts';
import { identifier } from '../mysql-session.ts';
import { type KindOfUser, QUOTED, sortedLists } from './described-user.ts';
import { optionsOf, type Priv } from './mariadb-options.ts';

export const MARIADB_USER: KindOfUser = {
  settings: "SET SESSION sql_mode = 'NO_AUTO_CREATE_USER', SESSION sql_quote_show_create = 1",
  locked: () => "IDENTIFIED VIA mysql_native_password USING 'invalid' ACCOUNT LOCK",
  defaultRoleOf: 'FOR',

  async describe(session, { literal }, { user, host }) {
    const account = accountSql({ user, host });
    const what = `reading what ${user} has`;
    const [row] = await session.run<{ priv: string }>(
      `SELECT Priv AS priv FROM mysql.global_priv WHERE User = ${literal(user)} AND Host = ${literal(host)}`,
      what,
    );
    const priv: Priv = JSON.parse(row?.priv ?? '{}');
    const { default_role: role = '' } = priv;
    const rows = await session.run<Record<string, string>>(`SHOW GRANTS FOR ${account}`, what);
    return {
      roles: role === '' ? 'NONE' : identifier(role),
      options: optionsOf(priv, literal),
      attribute: '',
      grants: rows.map((each) => anonymous(Object.values(each)[0] ?? '', account)).toSorted(),
      rest: [],
    };
  },
};

/** A row of SHOW GRANTS without whose it is. The options that stand in the first row are compared by themselves. */
function anonymous(row: string, account: string): string {
  const text = row.replaceAll(account, 'USER').replace(/( ON \*\.\* TO USER).*$/s, '$1');
  return sortedLists(text, QUOTED, ', ');
}
