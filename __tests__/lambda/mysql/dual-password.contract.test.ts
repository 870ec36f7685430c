import { contractOf } from './contract-of.ts';

await contractOf('MariaDB, two passwords', { strategy: 'dual-password', byAdministrator: true });
