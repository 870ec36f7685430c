import * as v from 'valibot';
import type { SynthesizedStack } from './synthesize.ts';

const Provider = v.object({ alias: v.optional(v.undefined()), region: v.string() });
const Stack = v.object({ provider: v.object({ aws: v.array(v.unknown()) }) });

/** The region of the first stack's AWS provider without an alias. Undefined if it names none as plain text. */
export function defaultRegion(stacks: readonly SynthesizedStack[]): string | undefined {
  const [first] = stacks;
  if (!v.is(Stack, first?.json)) return undefined;
  const provider = first.json.provider.aws.find((each) => v.is(Provider, each));
  return v.is(Provider, provider) && !provider.region.includes('${') ? provider.region : undefined;
}
