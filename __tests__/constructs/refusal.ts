import { ConstructError } from '../../constructs/construct-error.ts';

/** The error with which a declaration is refused. */
export function refusal(declare: () => unknown): ConstructError {
  try {
    declare();
  } catch (error) {
    if (error instanceof ConstructError) return error;
    throw error;
  }
  throw new Error('The declaration was not refused.');
}
