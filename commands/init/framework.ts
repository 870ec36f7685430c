/** The packages that a project declares its stack with. */
export interface Framework {
  readonly core: 'cdktf' | 'cdktn';
  readonly aws: string;
  readonly archive: string;
  /** Where the constructs for it are imported from. */
  readonly constructs: string;
}

/** CDK Terrain by its own name, if the project has that, else CDKTF. */
export function frameworkOf(dependencies: Readonly<Record<string, string>>): Framework {
  return dependencies.cdktn === undefined ? packagesOf('cdktf', 'rotaform') : packagesOf('cdktn', 'rotaform/cdktn');
}

function packagesOf(core: Framework['core'], constructs: string): Framework {
  return { core, aws: `@${core}/provider-aws`, archive: `@${core}/provider-archive`, constructs };
}
