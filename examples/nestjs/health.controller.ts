import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { SecretsHealthIndicator } from 'rotaform-client/nestjs';

/** With Terminus: `health.check([() => secrets.check('secrets')])`. */
@Controller('health')
export class HealthController {
  constructor(@Inject(SecretsHealthIndicator) private readonly secrets: SecretsHealthIndicator) {}

  @Get()
  check(): object {
    const health = this.secrets.check('secrets');
    if (health.secrets.status === 'down') throw new ServiceUnavailableException(health);
    return health;
  }
}
