import { contractOf } from './contract-of.ts';

await contractOf('PostgreSQL, single user', { ROTATION_STRATEGY: 'single-user' }, 'window');
