/** The command line is wrong, and nothing was done: exit code 2. */
export class UsageError extends Error {}
