import { type Held, USAGE } from './privileges.ts';

const NOTHING: Held = { kind: 'privilege', on: '', what: '', canGrant: false };

export interface Grant {
  readonly sql: string;
  /** A privilege outlives its table. On one that is not there, the server grants it only together with CREATE. */
  readonly ifTableIsGone: readonly string[];
}

/** Statements that give an account what another one has. Those that take away come last, so that nothing is missing meanwhile. */
export interface Differences {
  readonly grants: readonly Grant[];
  readonly revokes: readonly string[];
}

/**
 * What an account lacks of another one's privileges, and what it has besides.
 * @param account whose privileges change, as SQL names it; and on which server
 */
export function differences(
  model: readonly Held[],
  own: readonly Held[],
  { account, isMariadb }: { readonly account: string; readonly isMariadb: boolean },
): Differences {
  const grants: Grant[] = [];
  const revokes: string[] = [];
  const keyOf = ({ kind, on, what }: Held) => `${kind} ${on}${kind === 'dynamic' ? ` ${what}` : ''}`;
  for (const key of new Set([...model, ...own].map(keyOf))) {
    const wanted = model.filter((each) => keyOf(each) === key);
    const held = own.filter((each) => keyOf(each) === key);
    const lacksOption = wanted.some(canGrant) && !held.some(canGrant);
    const hasOption = held.some(canGrant) && !wanted.some(canGrant);
    const [{ kind, on, what: first } = NOTHING] = [...wanted, ...held];
    if (kind === 'privilege') {
      const missing = without(wanted, held);
      const lost = [...without(held, wanted), ...(hasOption ? ['GRANT OPTION'] : [])];
      if (missing.length > 0 || lacksOption) grants.push(grantOf(missing, { on, account, wanted, held }));
      if (lost.length > 0) revokes.push(`REVOKE ${lost.join(', ')} ON ${on} FROM ${account}`);
      continue;
    }
    if (kind === 'restriction') {
      // Who gets a privilege on a database where it was restricted, loses the restriction alone.
      const lifted = without(held, wanted).filter((what) =>
        model.some((each) => each.on === '*.*' && each.what === what),
      );
      if (lifted.length > 0)
        grants.push({ sql: `GRANT ${lifted.join(', ')} ON ${on} TO ${account}`, ifTableIsGone: [] });
      const missing = without(wanted, held);
      if (missing.length > 0) revokes.push(`REVOKE ${missing.join(', ')} ON ${on} FROM ${account}`);
      continue;
    }
    const [what, option] = kind === 'role' ? [on, 'ADMIN'] : [`${first} ON ${on}`, 'GRANT'];
    const grant = `GRANT ${what} TO ${account}${wanted.some(canGrant) ? ` WITH ${option} OPTION` : ''}`;
    const revoke = `REVOKE ${what} FROM ${account}`;
    if (wanted.length === 0) revokes.push(revoke);
    else if (held.length === 0 || lacksOption) grants.push({ sql: grant, ifTableIsGone: [] });
    else if (hasOption && kind === 'role' && isMariadb) revokes.push(`REVOKE ADMIN OPTION FOR ${on} FROM ${account}`);
    else if (hasOption) revokes.push(revoke, grant); // The server knows no other way.
  }
  return { grants, revokes };
}

/** The privileges of some that others have not. */
function without(some: readonly Held[], others: readonly Held[]): readonly string[] {
  const known = new Set([USAGE, ...others.map(({ what }) => what)]);
  return [...new Set(some.map(({ what }) => what))].filter((what) => !known.has(what));
}

const canGrant = (held: Held) => held.canGrant;

function grantOf(
  missing: readonly string[],
  { on, account, wanted, held }: { on: string; account: string; wanted: readonly Held[]; held: readonly Held[] },
): Grant {
  const privileges = missing.length > 0 ? missing : [USAGE];
  const option = wanted.some(canGrant) ? ' WITH GRANT OPTION' : '';
  const grant = (what: readonly string[]) => `GRANT ${what.join(', ')} ON ${on} TO ${account}${option}`;
  const mayCreate = [...wanted, ...held].some(({ what }) => what === 'CREATE');
  const undone = mayCreate ? [] : [`REVOKE CREATE ON ${on} FROM ${account}`];
  return { sql: grant(privileges), ifTableIsGone: [grant([...privileges, 'CREATE']), ...undone] };
}
