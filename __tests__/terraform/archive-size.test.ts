import { statSync } from 'node:fs';
import path from 'node:path';
import { DataArchiveFile } from '@cdktf/provider-archive/lib/data-archive-file/index.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { requireVersions } from '../../constructs/checks/require-versions.ts';
import { hasTerraform, missingTerraform } from '../../harness/terraform-cli.ts';
import { StackFolder } from '../../harness/terraform-folder.ts';
import { targetNames, targets } from '../../rules/targets.ts';

describe.skipIf(!hasTerraform)(`The archive that Terraform makes${missingTerraform}`, () => {
  it('stays within the budget of each function, although it packs less tightly than zlib', async () => {
    const terraform = new StackFolder({ AWS_REGION: 'us-east-1' }, (stack) => {
      requireVersions(stack);
      for (const target of targetNames) {
        const sourceDir = path.resolve('dist/lambda', target);
        new DataArchiveFile(stack, target, {
          type: 'zip',
          sourceDir,
          outputPath: `${target}.zip`,
          outputFileMode: '0644',
        });
      }
    });
    onTestFinished(() => terraform.remove());
    await terraform.apply();
    for (const target of targetNames) {
      const { size } = statSync(path.join(terraform.folder, `${target}.zip`));
      expect.soft(size, target).toBeLessThanOrEqual(targets[target].archiveBudget.zip);
    }
  });
});
