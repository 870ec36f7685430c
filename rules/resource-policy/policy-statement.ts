/** A statement of a resource policy, as it is judged. A reference of Terraform is the text that Terraform gets, such as `${var.team}`. */
export interface PolicyStatement {
  /** Of the statements of a document, a later one replaces an earlier one with the same. */
  readonly sid: string | undefined;
  /** Its place among the others, or its sid, for messages. */
  readonly name: string;
  readonly effect: string;
  readonly principals: readonly Principal[] | undefined;
  readonly notPrincipals: readonly Principal[] | undefined;
  readonly actions: readonly string[] | undefined;
  readonly notActions: readonly string[] | undefined;
  readonly resources: readonly string[] | undefined;
  readonly notResources: readonly string[] | undefined;
  readonly conditions: readonly Condition[];
}

export interface Principal {
  /** Such as `AWS`; `*` for everybody. */
  readonly type: string;
  readonly id: string;
}

export interface Condition {
  readonly test: string;
  readonly variable: string;
  readonly values: readonly string[];
}

/** A statement's sid, if it has one that is known. */
export const knownSid = (sid: unknown): string | undefined =>
  typeof sid === 'string' && sid !== '' && !sid.includes('${') ? sid : undefined;

/** What messages call a statement. */
export const statementName = (sid: unknown, index: number): string =>
  knownSid(sid) === undefined ? `number ${index + 1}` : `"${sid}"`;
