/** A NestJS service that reads orders from a database whose password changes. No endpoint shows the secret. */
import 'reflect-metadata';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { refusingWebPages } from '../../rules/web-page.ts';
import { AppModule } from './app.module.ts';

const app = await NestFactory.create(AppModule, { logger: ['warn', 'error'] });
app.enableShutdownHooks();
// It listens on loopback, where any web page in a browser on this machine could call it. Behind a proxy, leave this line out.
app.use((request: IncomingMessage, response: ServerResponse, next: () => void) =>
  refusingWebPages(() => next())(request, response),
);
await app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
console.log(`Orders on ${await app.getUrl()}/orders`);
