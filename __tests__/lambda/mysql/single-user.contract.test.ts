import { contractOf } from './contract-of.ts';

await contractOf('MariaDB, single user', { strategy: 'single-user', byAdministrator: false });
