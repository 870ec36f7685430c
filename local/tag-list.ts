import * as v from 'valibot';
import type { Account } from './account.ts';
import type { Action } from './action.ts';
import { TagKey, TagValue } from './tag.ts';

/** Tags in a list of pairs, as most services write them. */
export const TagList = v.array(v.strictObject({ Key: TagKey, Value: TagValue }));

/** What an action gets as tags, as it is kept. */
export const tagMap = (tags: v.InferOutput<typeof TagList>) => new Map(tags.map(({ Key, Value }) => [Key, Value]));

/** The tags of what an ARN names. */
type TagsOf = (arn: string, account: Account) => Map<string, string>;
type MakeAction = <Schema extends v.GenericSchema, Output>(
  schema: Schema,
  run: (input: v.InferOutput<Schema>, account: Account) => Output,
) => Action<v.InferInput<Schema>, Output>;

/**
 * The three actions that services with such tags have: `ListTagsForResource`, `TagResource` and `UntagResource`.
 *
 * @param arnName how the service calls the ARN in a request
 * @param tagsOf throws the service's error if the ARN names nothing
 */
export function tagActions<ArnName extends string>(action: MakeAction, arnName: ArnName, tagsOf: TagsOf) {
  const named = { [arnName]: v.string() } as Record<ArnName, v.StringSchema<undefined>>;
  const arnIn = (input: object) => String(Reflect.get(input, arnName));
  return [
    [
      'ListTagsForResource',
      action(v.strictObject(named), (input, account) => ({
        Tags: [...tagsOf(arnIn(input), account)].map(([Key, Value]) => ({ Key, Value })),
      })),
    ],
    [
      'TagResource',
      action(v.strictObject({ ...named, Tags: TagList }), (input, account): object => {
        const tags = tagsOf(arnIn(input), account);
        for (const [key, value] of tagMap(Reflect.get(input, 'Tags'))) tags.set(key, value);
        return {};
      }),
    ],
    [
      'UntagResource',
      action(v.strictObject({ ...named, TagKeys: v.array(v.string()) }), (input, account): object => {
        const tags = tagsOf(arnIn(input), account);
        for (const key of Reflect.get(input, 'TagKeys') as string[]) tags.delete(key);
        return {};
      }),
    ],
  ] as const;
}
