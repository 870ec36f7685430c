import { copyFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { builtModule } from './built-module.ts';
import { terraformCli } from './terraform-cli.ts';
import { TerraformFolder } from './terraform-folder.ts';

/** A folder with a configuration in HCL, and beside it the module as it is published, in `rotaform`. */
export class ModuleFolder extends TerraformFolder {
  /** @param environment what an AWS SDK needs to find the account */
  constructor(environment: Readonly<Record<string, string>>, hcl: string) {
    const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-hcl-'));
    super(folder, { ...environment, TF_DATA_DIR: path.join(folder, '.terraform') });
    cpSync(builtModule(), path.join(folder, 'rotaform'), { recursive: true });
    copyFileSync(terraformCli().lockFile, path.join(folder, '.terraform.lock.hcl'));
    this.write('main.tf', hcl);
  }

  /** Needed again whenever a module is added. */
  async init(): Promise<void> {
    await this.succeed(['init', '-input=false']);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
