/** `rotaform-client/nestjs`: secrets that NestJS injects. */
import { type DynamicModule, Inject, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import {
  type RotatingSecret,
  type SecretContent,
  SecretReadError,
  type SecretsCache,
  type SecretsCacheOptions,
  type StandardSchema,
  secretsCache,
} from './index.ts';

/** A secret by the name that it is injected by. */
export type SecretDeclarations = Readonly<Record<string, SecretDeclaration>>;

/** What `cache.secret` takes. */
export interface SecretDeclaration {
  /** Its name or ARN in Secrets Manager. */
  readonly secretId: string;
  readonly schema?: StandardSchema<unknown>;
  /** @default AWSCURRENT */
  readonly versionStage?: string;
  readonly expiresAt?: (value: never) => Date | undefined;
}

/** The types of declared secrets, for the constructors that they are injected into: `Secrets['db']`. */
export type InjectedSecrets<Declarations extends SecretDeclarations> = {
  readonly [Name in keyof Declarations]: Declarations[Name] extends { readonly schema: StandardSchema<infer Value> }
    ? RotatingSecret<Value>
    : RotatingSecret<SecretContent>;
};

export interface RotaformOptions extends SecretsCacheOptions {
  readonly secrets: SecretDeclarations;
  /** Reads all secrets while the application starts, so that one that cannot read them does not start. @default true */
  readonly prefetch?: boolean;
}

export interface RotaformAsyncOptions {
  /** The names of the secrets that the factory declares: NestJS must know them before it calls the factory. */
  readonly names: readonly string[];
  readonly imports?: DynamicModule['imports'];
  readonly inject?: readonly (string | symbol | Constructor)[];
  // biome-ignore lint/suspicious/noExplicitAny: what is injected is what `inject` names; NestJS types it no better
  readonly useFactory: (...injected: any[]) => RotaformOptions | Promise<RotaformOptions>;
}

type Constructor = abstract new (...args: never[]) => unknown;
type Secrets = ReadonlyMap<string, RotatingSecret<unknown>>;

const OPTIONS = Symbol('rotaform options');
const CACHE = Symbol('rotaform cache');
const SECRETS = Symbol('rotaform secrets');

/** The token of a secret, for `inject` of a factory and for `overrideProvider` in a test. */
export const getSecretToken = (name: string): string => `RotaformSecret:${name}`;

/** Injects a `RotatingSecret` by its name. */
export const InjectSecret = (name: string): ParameterDecorator & PropertyDecorator => Inject(getSecretToken(name));

/** Injects the `SecretsCache`, for secrets whose names are known only later. */
export const InjectSecretsCache = (): ParameterDecorator & PropertyDecorator => Inject(CACHE);

/** A health indicator for Terminus, version 11 and later: makes no call, and shows no value and no secret's id. */
export class SecretsHealthIndicator {
  readonly #secrets: Secrets;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  /** Down if a secret has no value to hand out. One whose last read failed still has one, and shows as `degraded`. */
  check<const Key extends string>(key: Key): Record<Key, { status: 'up' | 'down' } & Record<string, string>> {
    const found = [...this.#secrets].map(([name, secret]) => [name, secret.status()] as const);
    const details = found.map(([name, { health, errorCode }]) => [
      name,
      errorCode ? `${health}: ${errorCode}` : health,
    ]);
    const status = found.some(([, { health }]) => health === 'failing') ? 'down' : 'up';
    return { [key]: { ...Object.fromEntries(details), status } } as ReturnType<typeof this.check<Key>>;
  }
}

/** The secrets of an application: one cache for all of its modules. */
export class RotaformModule implements OnApplicationShutdown {
  readonly #cache: SecretsCache;

  constructor(cache: SecretsCache) {
    this.#cache = cache;
  }

  /** The last of NestJS's hooks: requests that are under way until then may still need a secret. */
  onApplicationShutdown(): void {
    this.#cache.close();
  }

  /**
   * @example
   * RotaformModule.forRoot({ secrets: { db: { secretId: 'my-app/db', schema: login } } })
   */
  static forRoot(options: RotaformOptions): DynamicModule {
    return rootModule(Object.keys(options.secrets), { provide: OPTIONS, useValue: options });
  }

  /**
   * @example
   * RotaformModule.forRootAsync({
   *   names: ['db'],
   *   inject: [ConfigService],
   *   useFactory: (config: ConfigService) => ({
   *     secrets: { db: { secretId: config.getOrThrow('DB_SECRET_ID'), schema: login } },
   *   }),
   * })
   */
  static forRootAsync({ names, imports = [], inject = [], useFactory }: RotaformAsyncOptions): DynamicModule {
    const checked = async (...injected: unknown[]) => {
      const options = await useFactory(...injected);
      const declared = Object.keys(options.secrets);
      if (declared.toSorted().join() === [...names].sort().join()) return options;
      const problem = `forRootAsync has the names ${names.join(', ')}, and its factory declares ${declared.join(', ')}`;
      throw new SecretReadError('CONFIGURATION', `${problem}; expected the same.`);
    };
    const options = { provide: OPTIONS, inject: [...inject], useFactory: checked } as Provider;
    return { ...rootModule(names, options), imports };
  }
}
// Applied by hand: so it works for whoever compiles it, and without decorator metadata.
Module({})(RotaformModule);
Inject(CACHE)(RotaformModule, undefined, 0);

function rootModule(names: readonly string[], options: Provider): DynamicModule {
  const secrets = names.map((name) => ({
    provide: getSecretToken(name),
    inject: [SECRETS],
    useFactory: (all: Secrets) => all.get(name),
  }));
  const providers: Provider[] = [
    options,
    { provide: CACHE, inject: [OPTIONS], useFactory: cacheOf },
    { provide: SECRETS, inject: [CACHE, OPTIONS], useFactory: secretsOf },
    {
      provide: SecretsHealthIndicator,
      inject: [SECRETS],
      useFactory: (all: Secrets) => new SecretsHealthIndicator(all),
    },
    ...secrets,
  ];
  return {
    module: RotaformModule,
    global: true,
    providers,
    exports: [CACHE, SecretsHealthIndicator, ...secrets.map(({ provide }) => provide)],
  };
}

function cacheOf({ secrets: _, prefetch: __, ...options }: RotaformOptions): SecretsCache {
  return secretsCache(options);
}

/** Reads the secrets here, before whatever they are injected into: a module that cannot connect would try for long. */
async function secretsOf(cache: SecretsCache, { secrets, prefetch = true }: RotaformOptions): Promise<Secrets> {
  const made = Object.entries(secrets).map(([name, { secretId, ...options }]): [string, RotatingSecret<unknown>] => [
    name,
    cache.secret(secretId, options as object),
  ]);
  if (prefetch) await cache.prefetch(made.map(([, secret]) => secret));
  return new Map(made);
}
