/** Where a resource is: an account in a region. */
export interface Place {
  /** Twelve digits. */
  readonly id: string;
  /** Such as `us-east-1`. */
  readonly region: string;
}

/** Where an ARN's resource is. A part that the ARN leaves empty, such as the region of a role, is missing. Undefined if it is no ARN. */
export function placeOf(arn: string): Partial<Place> | undefined {
  const [, region, id] = /^arn:[^:]+:[^:]+:([^:]*):([^:]*):./.exec(arn) ?? [];
  if (region === undefined || id === undefined) return undefined;
  return { ...(region !== '' && { region }), ...(id !== '' && { id }) };
}
