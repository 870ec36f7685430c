import { Module } from '@nestjs/common';
import { RotaformModule } from 'rotaform-client/nestjs';
import { databasePool } from './database-pool.ts';
import { HealthController } from './health.controller.ts';
import { OrdersController } from './orders.controller.ts';
import { OrdersService } from './orders.service.ts';
import { secrets } from './secrets.ts';

@Module({
  imports: [RotaformModule.forRoot({ secrets })],
  controllers: [OrdersController, HealthController],
  providers: [databasePool, OrdersService],
})
export class AppModule {}
