import { contractOf } from './contract-of.ts';

await contractOf('MariaDB, alternating users', { strategy: 'alternating-users', byAdministrator: true });
