import * as v from 'valibot';
import { generatePassword } from '../../rules/password/password.ts';
import { checkPasswordOptions } from '../../rules/password/password-options.ts';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';

const Flag = v.optional(v.boolean(), false);

/**
 * Generates a password. It is not stored.
 *
 * @throws InvalidParameterException no password fits.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
 */
export const getRandomPassword = action(
  v.strictObject({
    PasswordLength: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096)), 32),
    ExcludeCharacters: v.optional(v.pipe(v.string(), v.maxLength(4096)), ''),
    ExcludeNumbers: Flag,
    ExcludePunctuation: Flag,
    ExcludeUppercase: Flag,
    ExcludeLowercase: Flag,
    IncludeSpace: Flag,
    RequireEachIncludedType: v.optional(v.boolean(), true),
  }),
  (input) => {
    const options = {
      length: input.PasswordLength,
      excludeCharacters: input.ExcludeCharacters,
      excludeNumbers: input.ExcludeNumbers,
      excludePunctuation: input.ExcludePunctuation,
      excludeUppercase: input.ExcludeUppercase,
      excludeLowercase: input.ExcludeLowercase,
      includeSpace: input.IncludeSpace,
      requireEachIncludedType: input.RequireEachIncludedType,
    };
    const reason = checkPasswordOptions(options);
    if (reason !== undefined) throw new AwsError('InvalidParameterException', reason);
    return { RandomPassword: generatePassword(options) };
  },
);
