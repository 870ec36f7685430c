import { Annotations } from 'cdktf';
import type { Construct } from 'constructs';

/** Warns at synth. The CDKTF command line prints what the constructs are annotated with; without it, this does. */
export function warn(scope: Construct, message: string): void {
  Annotations.of(scope).addWarning(message);
  const byCommandLine = process.env.CDKTF_CONTEXT_JSON !== undefined;
  if (!byCommandLine) process.emitWarning(`${scope.node.path}: ${message}`, 'RotaformWarning');
}
