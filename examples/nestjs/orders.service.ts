import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE } from './database-pool.ts';

export interface Order {
  readonly id: number;
  readonly item: string;
}

@Injectable()
export class OrdersService implements OnApplicationShutdown {
  constructor(@Inject(DATABASE) private readonly database: pg.Pool) {}

  async all(): Promise<Order[]> {
    const { rows } = await this.database.query<Order>(
      `SELECT * FROM (VALUES (1, 'lamp'), (2, 'chair')) AS orders (id, item)`,
    );
    return rows;
  }

  onApplicationShutdown(): Promise<void> {
    return this.database.end();
  }
}
