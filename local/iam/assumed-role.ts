import type { Account, Caller } from '../account.ts';

/** Who calls where a service has assumed a role: the role, and the session by its name. */
export function assumedRole(roleArn: string, sessionName: string, account: Account): Caller {
  return { arn: `arn:aws:sts::${account.id}:assumed-role/${roleArn.split('/').at(-1)}/${sessionName}` };
}
