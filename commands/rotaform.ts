#!/usr/bin/env node
/** The command line of the package, `npx rotaform`, and the scripts of this repository. */
import { runCommandLine } from './command-line.ts';

// A mistake is explained in one clear line. The AWS SDK's warning about Node.js 20 would only distract from it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// As `rotaform check-stack --list | head`: whoever reads has enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

void runCommandLine(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
