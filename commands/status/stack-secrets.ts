import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { UsageError } from '../usage-error.ts';

const Block = v.record(v.string(), v.record(v.string(), v.unknown()));
const Stack = v.object({
  resource: v.optional(
    v.object({
      aws_secretsmanager_secret: v.optional(Block, {}),
      aws_secretsmanager_secret_rotation: v.optional(Block, {}),
    }),
    {},
  ),
});

/** The secrets of a stack that rotate. */
export interface StackSecrets {
  /** Names and ARNs. */
  readonly secretIds: readonly string[];
  /** How many have a name that only Terraform knows. */
  readonly unknown: number;
}

/**
 * Which secrets rotate, as a synthesized stack says it.
 * @param folder such as `cdktf.out/stacks/my-app`
 * @throws UsageError there is no stack
 */
export function stackSecrets(folder: string): StackSecrets {
  const file = path.join(folder, 'cdk.tf.json');
  if (!existsSync(file)) {
    throw new UsageError(
      `There is no ${file}. Expected the folder of a synthesized stack, such as cdktf.out/stacks/my-app.`,
    );
  }
  const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), Stack), readFileSync(file, 'utf8'));
  if (!success) throw new UsageError(`${file} is not a synthesized stack. Run the synth again.`);
  const { aws_secretsmanager_secret: secrets = {}, aws_secretsmanager_secret_rotation: rotations = {} } =
    output.resource;
  const ids = Object.values(rotations).map(({ secret_id: id }) => {
    const [, declared = ''] = /^\$\{aws_secretsmanager_secret\.([\w-]+)\.(?:arn|id)\}$/.exec(String(id)) ?? [];
    return String(secrets[declared]?.name ?? id);
  });
  const known = ids.filter((id) => !id.includes('${'));
  return { secretIds: known, unknown: ids.length - known.length };
}
