import {
  BatchGetSecretValueCommand,
  type BatchGetSecretValueCommandInput,
  CreateSecretCommand,
  DeleteSecretCommand,
  type Filter,
  GetSecretValueCommand,
  ListSecretsCommand,
  type ListSecretsCommandInput,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, localAws } from '../../../local/local-aws.ts';
import { clientIn, openClient } from '../sdk-clients.ts';

/** Each in a region of its own, so that no test sees another's secrets. */
const SECRETS = 'us-east-1';
const SORTED = 'us-east-2';
const REPLICAS = 'eu-west-1';

let aws: LocalAws;

beforeAll(async () => {
  aws = await localAws();
  const client = openClient(aws, SECRETS);
  for (const [Name, Description, tags] of [
    ['app/Database', 'The database of payments', { team: 'Orders' }],
    ['app/key', 'one and two', { Owner: 'web team' }],
    ['legacy-billingKey', 'one two', {}],
    ['other', 'ONE', { stage: 'prod' }],
    ['plain', undefined, {}],
  ] as const) {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await client.send(new CreateSecretCommand({ Name, Description, Tags, SecretString: `value of ${Name}` }));
  }
  client.destroy();
});

afterAll(() => aws.close());

async function names(input: ListSecretsCommandInput, region = SECRETS): Promise<(string | undefined)[]> {
  const { SecretList = [] } = await clientIn(aws, region).send(new ListSecretsCommand(input));
  return SecretList.map(({ Name }) => Name);
}

const found = (...Filters: Filter[]) => names({ Filters });

describe('ListSecrets finds', () => {
  it.each([
    ['a name, whatever its case', ['DATABASE'], ['app/Database']],
    ['a description', ['Payments'], ['app/Database']],
    ['the key of a tag', ['owner'], ['app/key']],
    ['a word in the value of a tag', ['TEAM web'], ['app/key']],
    ['the start of a word anywhere', ['pay'], ['app/Database']],
    ['a word of a name between separators', ['key'], ['app/key', 'legacy-billingKey']],
    ['no part within a word', ['base'], []],
    ['words of one text, not of several', ['database orders'], []],
    ['one of several values', ['orders', 'PROD'], ['app/Database', 'other']],
    ['all but what a value excludes', ['!app'], ['legacy-billingKey', 'other', 'plain']],
  ])('with all: %s', async (_what, Values, expected) => {
    expect(await found({ Key: 'all', Values })).toEqual(expected);
  });

  it.each([
    ['each of its words, with others between', ['one two'], ['app/key', 'legacy-billingKey']],
    ['its words in any order and case', ['TWO One'], ['app/key', 'legacy-billingKey']],
    ['one of several values', ['payments', 'two'], ['app/Database', 'app/key', 'legacy-billingKey']],
    ['not the name', ['legacy'], []],
  ])('with description: %s', async (_what, Values, expected) => {
    expect(await found({ Key: 'description', Values })).toEqual(expected);
  });

  it.each([
    ['the start of a name, in its case', { Key: 'name', Values: ['app/D'] }, ['app/Database']],
    ['no name in another case', { Key: 'name', Values: ['app/d'] }, []],
    ['the key of a tag', { Key: 'tag-key', Values: ['team', 'stage'] }, ['app/Database', 'other']],
    ['the value of a tag', { Key: 'tag-value', Values: ['web'] }, ['app/key']],
    ['nothing that a service owns: no service owns a secret here', { Key: 'owning-service', Values: ['rds'] }, []],
  ] as const)('%s', async (_what, { Key, Values }, expected) => {
    expect(await found({ Key, Values: [...Values] })).toEqual(expected);
  });

  it('every secret that no service owns', async () => {
    expect(await found({ Key: 'owning-service', Values: ['!rds'] })).toHaveLength(5);
  });

  it('only what every one of several filters wants, two of the same key included', async () => {
    const one = { Key: 'description', Values: ['one'] } as const;
    const two = { Key: 'description', Values: ['two'] } as const;
    const app = { Key: 'name', Values: ['app/'] } as const;
    const copy = ({ Key, Values }: typeof one | typeof two | typeof app): Filter => ({ Key, Values: [...Values] });
    expect(await found(copy(one), copy(two))).toEqual(['app/key', 'legacy-billingKey']);
    expect(await found(copy(one), copy(two), copy(app))).toEqual(['app/key']);
  });

  it('a secret and its replica by their primary region', async () => {
    const client = clientIn(aws, REPLICAS);
    const AddReplicaRegions = [{ Region: 'eu-central-1' }];
    await client.send(new CreateSecretCommand({ Name: 'everywhere', SecretString: 'x', AddReplicaRegions }));
    await client.send(new CreateSecretCommand({ Name: 'here', SecretString: 'x' }));
    const of = (...Values: string[]) => ({ Filters: [{ Key: 'primary-region', Values } as const] });
    expect(await names(of('eu-west-1'), REPLICAS)).toEqual(['everywhere']);
    expect(await names(of('eu-west-1'), 'eu-central-1')).toEqual(['everywhere']);
    expect(await names(of('us-east-1', 'EU-WEST'), 'eu-central-1')).toEqual(['everywhere']);
    expect(await names(of('eu-central-1'), 'eu-central-1')).toEqual([]);
  });
});

describe('ListSecrets sorts', () => {
  beforeAll(async () => {
    const client = openClient(aws, SORTED);
    const { clock } = aws.account;
    for (const Name of ['bravo', 'alpha', 'charlie']) {
      await client.send(new CreateSecretCommand({ Name, SecretString: 'x' }));
      await clock.advance({ days: 2 });
    }
    for (const SecretId of ['charlie', 'bravo', 'alpha']) {
      await client.send(new GetSecretValueCommand({ SecretId }));
      await clock.advance({ days: 2 });
    }
    for (const SecretId of ['alpha', 'charlie', 'bravo']) {
      await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'y' }));
      await clock.advance({ days: 2 });
    }
    client.destroy();
  });

  it.each([
    ['name', ['alpha', 'bravo', 'charlie']],
    ['created-date', ['bravo', 'alpha', 'charlie']],
    ['last-accessed-date', ['charlie', 'bravo', 'alpha']],
    ['last-changed-date', ['alpha', 'charlie', 'bravo']],
    [undefined, ['bravo', 'alpha', 'charlie']],
  ] as const)('by %s, both ways', async (SortBy, expected) => {
    expect(await names({ SortBy, SortOrder: 'asc' }, SORTED)).toEqual(expected);
    expect(await names({ SortBy, SortOrder: 'desc' }, SORTED)).toEqual([...expected].reverse());
  });

  it('across pages', async () => {
    const client = clientIn(aws, SORTED);
    const input = { SortBy: 'name', SortOrder: 'desc', MaxResults: 2 } as const;
    const first = await client.send(new ListSecretsCommand(input));
    expect(first.SecretList?.map(({ Name }) => Name)).toEqual(['charlie', 'bravo']);
    expect(await names({ ...input, NextToken: first.NextToken }, SORTED)).toEqual(['alpha']);
  });
});

describe('ListSecrets refuses', () => {
  it.each([
    ['a filter without a key', [{ Values: ['x'] }], 'InvalidParameterException', 'Invalid filter key'],
    ['a filter without values', [{ Key: 'name' }], 'InvalidParameterException', 'Invalid filter values for key: name'],
    [
      'an unknown key',
      [
        { Key: 'name', Values: ['x'] },
        { Key: 'fruit', Values: ['x'] },
      ],
      'ValidationException',
      /^1 validation error detected: Value 'fruit' at 'filters\.2\.member\.key' failed to satisfy constraint: Member must satisfy enum value set: \[.*\ball\b.*\]$/,
    ],
    [
      'more than ten values',
      [{ Key: 'name', Values: Array.from({ length: 11 }, (_, n) => `v${n}`) }],
      'ValidationException',
      "1 validation error detected: Value at 'filters.1.member.values' failed to satisfy constraint: Member must have length less than or equal to 10",
    ],
  ])('%s', async (_what, Filters, name, message) => {
    const refusal = clientIn(aws).send(new ListSecretsCommand({ Filters: Filters as Filter[] }));
    await expect(refusal).rejects.toMatchObject({
      name,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  it('an order that it does not know', async () => {
    await expect(names({ SortBy: 'color' as 'name' })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(
        "Value 'color' at 'sortBy' failed to satisfy constraint: Member must satisfy enum",
      ),
    });
  });
});

describe('BatchGetSecretValue', () => {
  const batch = (input: BatchGetSecretValueCommandInput, region?: string) =>
    clientIn(aws, region).send(new BatchGetSecretValueCommand(input));

  it('reads what its filters want, as ListSecrets finds it', async () => {
    const { SecretValues, Errors, NextToken } = await batch({
      Filters: [
        { Key: 'description', Values: ['one', 'database'] },
        { Key: 'name', Values: ['app/'] },
      ],
    });
    expect(SecretValues?.map(({ SecretString }) => SecretString)).toEqual([
      'value of app/Database',
      'value of app/key',
    ]);
    expect(Errors).toEqual([]);
    expect(NextToken).toBeUndefined();
  });

  it('reads page by page, each secret once', async () => {
    const Filters: Filter[] = [{ Key: 'all', Values: ['!nothing'] }];
    const pages: (string | undefined)[][] = [];
    let NextToken: string | undefined;
    do {
      const page = await batch({ Filters, MaxResults: 2, NextToken });
      pages.push(page.SecretValues?.map(({ Name }) => Name) ?? []);
      NextToken = page.NextToken;
    } while (NextToken !== undefined && pages.length < 10);
    expect(pages).toEqual([['app/Database', 'app/key'], ['legacy-billingKey', 'other'], ['plain']]);
  });

  it('reads twenty at a time if MaxResults says nothing, and leaves out what is to be deleted', async () => {
    const region = 'ap-south-1';
    const client = clientIn(aws, region);
    for (let n = 0; n < 23; n += 1) await client.send(new CreateSecretCommand({ Name: `s${n}`, SecretString: 'x' }));
    await client.send(new DeleteSecretCommand({ SecretId: 's0' }));
    const Filters: Filter[] = [{ Key: 'name', Values: ['s'] }];
    const first = await batch({ Filters }, region);
    expect(first.SecretValues).toHaveLength(20);
    const second = await batch({ Filters, NextToken: first.NextToken }, region);
    expect(second.SecretValues?.map(({ Name }) => Name)).toEqual(['s21', 's22']);
  });

  it.each([
    ['neither a list nor filters', {}, 'InvalidParameterException'],
    [
      'a list and filters',
      { SecretIdList: ['x'], Filters: [{ Key: 'all', Values: ['x'] }] },
      'InvalidParameterException',
    ],
    ['a list and MaxResults', { SecretIdList: ['x'], MaxResults: 2 }, 'InvalidParameterException'],
    ['more than twenty a page', { Filters: [{ Key: 'all', Values: ['x'] }], MaxResults: 21 }, 'ValidationException'],
    ['none a page', { Filters: [{ Key: 'all', Values: ['x'] }], MaxResults: 0 }, 'ValidationException'],
    [
      'a token that is made up',
      { Filters: [{ Key: 'all', Values: ['x'] }], NextToken: 'made-up' },
      'InvalidNextTokenException',
    ],
  ] as const)('refuses %s', async (_what, input, name) => {
    await expect(batch(structuredClone(input) as BatchGetSecretValueCommandInput)).rejects.toMatchObject({ name });
  });
});
