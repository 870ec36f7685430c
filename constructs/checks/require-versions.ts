import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

/**
 * Widens the exact versions that the bindings pin, and names the oldest Terraform that knows write-only arguments.
 * Versions 6.45 to 6.49 of the AWS provider break write-only secret versions.
 */
export function requireVersions(scope: Construct): void {
  const stack = TerraformStack.of(scope);
  stack.addOverride('terraform.required_version', '>= 1.11.0');
  stack.addOverride('terraform.required_providers.aws', { source: 'hashicorp/aws', version: '>= 6.50.0, < 7.0.0' });
  stack.addOverride('terraform.required_providers.archive', {
    source: 'hashicorp/archive',
    version: '>= 2.7.0, < 3.0.0',
  });
}
