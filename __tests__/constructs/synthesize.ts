import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack, Testing } from 'cdktf';
import { readStackJson, type StackJson } from './stack-json.ts';

/** What a stack with these declarations becomes, all validations passed. */
export function synthesize(declare: (stack: TerraformStack) => void): StackJson {
  const outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-synth-'));
  try {
    const stack = new TerraformStack(new App({ outdir }), 'test');
    new AwsProvider(stack, 'aws', { region: 'us-east-1' });
    new ArchiveProvider(stack, 'archive');
    declare(stack);
    return readStackJson(Testing.synth(stack, true));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
