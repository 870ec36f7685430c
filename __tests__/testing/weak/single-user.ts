import { rawHandler, singleUser } from './raw-steps.ts';

export const handler = rawHandler(singleUser);
