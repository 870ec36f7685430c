import path from 'node:path';
import { DataArchiveFile } from '@cdktf/provider-archive/lib/data-archive-file/index.js';
import { App, AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import { sharedScope } from '../terraform/shared-scope.ts';
import type { FunctionCode } from './function-code.ts';

/** The zip file of a function's code: one in each stack, for all functions that run the same code. */
export class FunctionArchive extends Construct {
  readonly file: DataArchiveFile;
  /** Where the code is compiled to. */
  readonly folder: string;

  /** The stack's archive of this code. */
  static of(scope: Construct, code: FunctionCode): FunctionArchive {
    const shared = sharedScope(scope);
    const made = shared.node.tryFindChild(`code-${code.name}`) as FunctionArchive | undefined;
    return made ?? new FunctionArchive(shared, code);
  }

  private constructor(shared: Construct, code: FunctionCode) {
    super(shared, `code-${code.name}`);
    this.folder = code.folder(path.resolve(App.of(this).outdir, 'functions', this.node.path));
    // The hash only names a folder: what is deployed again is decided by the archive's own hash.
    const asset = new TerraformAsset(this, 'asset', {
      path: this.folder,
      type: AssetType.DIRECTORY,
      assetHash: 'code',
    });
    this.file = new DataArchiveFile(this, 'archive', {
      type: 'zip',
      sourceDir: `\${path.module}/${asset.path}`,
      outputPath: `\${path.module}/.build/${code.name}.zip`,
      outputFileMode: '0644',
    });
  }
}
