import type { Rotation } from '../../../constructs/index.ts';
import type { TargetName } from '../../../rules/targets.ts';

/** A rotation for each way to declare the target: the file beside this one that has its name. */
export async function rotationsOf(target: TargetName): Promise<readonly Rotation[]> {
  const { rotations }: { rotations: () => readonly Rotation[] } = await import(
    /* @vite-ignore */ new URL(`${target}.ts`, import.meta.url).href
  );
  return rotations();
}
