/** A policy that roles share: attached, or as their permissions boundary. */
export interface ManagedPolicy {
  readonly Arn: string;
  readonly PolicyName: string;
  /** `ANPA…` */
  readonly PolicyId: string;
  /** `/`, or such as `/rotation/`. */
  readonly Path: string;
  readonly Description: string | undefined;
  readonly CreateDate: Date;
  UpdateDate: Date;
  readonly tags: Map<string, string>;
  /** At most five, the oldest first; one of them is the default. Each is its document, as JSON, and since when there is one. */
  readonly versions: Map<string, { readonly document: string; readonly CreateDate: Date }>;
  defaultVersionId: string;
  /** How many versions it has had. */
  made: number;
}
