import type { InjectedSecrets } from 'rotaform-client/nestjs';
import * as v from 'valibot';

/** What the service reads. The name in Secrets Manager is that of `main.ts`. */
export const secrets = {
  database: {
    secretId: 'orders/database',
    schema: v.object({
      host: v.string(),
      port: v.number(),
      dbname: v.string(),
      username: v.string(),
      password: v.string(),
    }),
  },
};

export type Secrets = InjectedSecrets<typeof secrets>;
