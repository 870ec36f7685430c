import { contractOf } from './contract-of.ts';

await contractOf('PostgreSQL, alternating users', { ROTATION_STRATEGY: 'alternating-users' }, 'overlap');
