import type { Invocation, Version } from './invocation.ts';
import type { CreateContext } from './rotation-strategy.ts';
import { changeDocument } from './secret-document.ts';

/**
 * The text that the secret is to hold next, as the strategy makes it. It is stored nowhere yet.
 * @throws SECRET_VALUE if it is not what the strategy itself expects; what `create` throws
 */
export async function newDocument<Current, Pending>(
  invocation: Invocation<Current, Pending>,
  current: Version<Current> | undefined,
  context: CreateContext,
): Promise<{ readonly text: string; readonly value: Pending }> {
  const { strategy, scrubber } = invocation;
  const change = await invocation.deadline.within('create', () => strategy.create(current?.value, context));
  scrubber.learn(change, strategy.publicFields);
  const text = changeDocument(current?.stored.secretString, change);
  return { text, value: await invocation.check(text, strategy.pending, 'The new value') };
}
