import { Controller, Get, Inject } from '@nestjs/common';
import { type Order, OrdersService } from './orders.service.ts';

@Controller('orders')
export class OrdersController {
  constructor(@Inject(OrdersService) private readonly orders: OrdersService) {}

  @Get()
  all(): Promise<Order[]> {
    return this.orders.all();
  }
}
