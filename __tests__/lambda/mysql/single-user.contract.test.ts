import { describe } from 'vitest';
import { hasMariadb } from '../../../harness/throw-away-mariadb.ts';
import { contractOf } from './contract-of.ts';

if (hasMariadb) await contractOf('MariaDB, single user', { strategy: 'single-user', byAdministrator: false });
else
  describe.skip('MariaDB, single user, by the contract of strategies (skipped: no mariadb-server on this machine)', () => {});
