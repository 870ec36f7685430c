import { isReference } from '../terraform/references.ts';

/** `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`: no expression of Terraform looks like that. */
const VARIABLE = /(?<!\$)\$\{(?=(?:[*?$]|[\w.-]+:[^}]*)\})/g;

/** A policy, or a part of one, in which IAM's variables and `%{` are texts: Terraform would take them for its own. */
export function withPolicyVariables<Part>(part: Part): Part {
  return escaped(part) as Part;
}

function escaped(part: unknown): unknown {
  if (typeof part === 'string') return part.replace(VARIABLE, '$$$${').replace(/(?<!%)%\{/g, '%%{');
  if (isReference(part)) return part;
  if (Array.isArray(part)) return part.map(escaped);
  if (typeof part !== 'object' || part === null || Object.getPrototypeOf(part) !== Object.prototype) return part;
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, escaped(value)]));
}
