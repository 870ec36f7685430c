import { alternatingUsers, rawHandler } from './raw-steps.ts';

export const handler = rawHandler(alternatingUsers);
