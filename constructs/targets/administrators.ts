import { Token } from 'cdktf';
import type { Administrator } from '../../rules/databases/administrators.ts';
import { checkOptions } from '../checks/check-options.ts';
import { ConstructError } from '../construct-error.ts';
import { readOtherSecrets } from '../permissions/read-other-secrets.ts';

/** @throws OPTIONS
 * @param factory in the words of the user, such as `Rotation.postgres` */
export function checkAdministrator(admin: Administrator, factory: string): void {
  const table = { secretArn: 'required', host: 'optional', port: 'optional', kmsKeyArn: 'optional' } as const;
  checkOptions('admin', admin, table);
  const { host, port } = admin;
  if (host !== undefined && !Token.isUnresolved(host) && !/^[^\s:/@]+$|^[\da-f]*:[\da-f]*:[\da-f:.]*$/i.test(host)) {
    throw new ConstructError(
      'OPTIONS',
      `${factory}: admin.host is "${host}": expected only a host, such as db.example.com. Give a port as admin.port.`,
    );
  }
  if (port === undefined || Token.isUnresolved(port) || (Number.isInteger(port) && port > 0 && port < 65_536)) return;
  throw new ConstructError('OPTIONS', `${factory}: admin.port is ${port}: expected a port from 1 to 65535.`);
}

/** One statement for each key: a key opens for the secrets that were declared with it alone. */
export function readAdministrators(admins: readonly Administrator[]) {
  const keys = [...new Set(admins.map(({ kmsKeyArn }) => kmsKeyArn))];
  return keys.flatMap((kmsKeyArn, index) =>
    readOtherSecrets('admin.secretArn', {
      whose: index === 0 ? 'Administrator' : `Administrator${index + 1}`,
      secretArns: admins.filter((admin) => admin.kmsKeyArn === kmsKeyArn).map(({ secretArn }) => secretArn),
      kmsKeyArn,
    }),
  );
}
