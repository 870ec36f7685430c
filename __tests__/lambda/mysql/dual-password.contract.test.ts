import { describe } from 'vitest';
import { hasMariadb } from '../../../harness/throw-away-mariadb.ts';
import { contractOf } from './contract-of.ts';

if (hasMariadb) await contractOf('MariaDB, two passwords', { strategy: 'dual-password', byAdministrator: true });
else
  describe.skip('MariaDB, two passwords, by the contract of strategies (skipped: no mariadb-server on this machine)', () => {});
