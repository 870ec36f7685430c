import { contractOf } from './contract-of.ts';

// A few points of each kind: all of them are tried on MariaDB, and take minutes. ROTAFORM_EXHAUSTIVE=1 tries all here, too.
process.env.ROTAFORM_QUICK = '1';
await contractOf('MySQL 9, two passwords', { strategy: 'dual-password', byAdministrator: true, version: '9' });
await contractOf('MySQL 8.4, single user', { strategy: 'single-user', byAdministrator: false, version: '8.4' });
await contractOf('MySQL 8.0, alternating users', {
  strategy: 'alternating-users',
  byAdministrator: true,
  version: '8.0',
});
