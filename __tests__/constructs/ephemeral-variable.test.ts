import { describe, expect, it } from 'vitest';
import { EphemeralVariable } from '../../constructs/index.ts';
import { synthesize } from './synthesize.ts';

describe('EphemeralVariable', () => {
  it('is not stored, and declared once', () => {
    const stack = synthesize((scope) => new EphemeralVariable(scope, 'first_password', 'Today’s password'));
    expect(stack.variable).toEqual({
      first_password: {
        type: 'string',
        description: 'Today’s password',
        sensitive: true,
        ephemeral: true,
        default: '',
      },
    });
  });
});
