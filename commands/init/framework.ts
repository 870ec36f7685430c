/** The packages that a project declares its stack with. */
export interface Framework {
  readonly core: 'cdktf' | 'cdktn';
  readonly aws: string;
  readonly archive: string;
  /** Where the constructs for it are imported from. */
  readonly constructs: string;
  /** An option that its App needs; empty if none. */
  readonly appOption: string;
}

/** CDK Terrain refuses write-only arguments unless the versions that have them are named. */
const TARGETS = "context: { targetVersions: { terraform: '>=1.11.0', opentofu: '>=1.11.0' } }";

/** CDK Terrain by its own name, if the project has that, else CDKTF. */
export function frameworkOf(dependencies: Readonly<Record<string, string>>): Framework {
  return dependencies.cdktn === undefined
    ? packagesOf('cdktf', 'rotaform', '')
    : packagesOf('cdktn', 'rotaform/cdktn', TARGETS);
}

function packagesOf(core: Framework['core'], constructs: string, appOption: string): Framework {
  return { core, aws: `@${core}/provider-aws`, archive: `@${core}/provider-archive`, constructs, appOption };
}
