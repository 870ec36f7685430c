import { type App, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { ConstructError } from '../construct-error.ts';
import { hashedName } from '../secret/secret-name.ts';
import { knownRegion, placeKey } from '../terraform/known-place.ts';
import { providerOf } from '../terraform/provider.ts';
import { isReference } from '../terraform/references.ts';

interface Place {
  /** Equal where two functions are in one region of one account. */
  readonly key: string;
  /** Undefined where only Terraform knows it. */
  readonly region: string | undefined;
  /** Whether a provider is given for it. */
  readonly isGiven: boolean;
}

interface Named {
  readonly stack: TerraformStack;
  /** Where it is. */
  readonly place: Place;
  /** The function's path. */
  readonly path: string;
  /** The name, or the prefix, that its name was made of. */
  readonly madeOf?: string | undefined;
  /** Whether AWS adds characters of its own to `madeOf`: two secrets with the same one are two secrets. */
  readonly isPrefix?: boolean | undefined;
}

/** The functions of an app, by name. */
const named = new WeakMap<App, Map<string, Named[]>>();

function othersOf(scope: Construct, functionName: string): Named[] {
  const app = scope.node.root as App;
  const names = named.get(app) ?? new Map<string, Named[]>();
  named.set(app, names);
  const others = names.get(functionName) ?? [];
  names.set(functionName, others);
  return others;
}

/**
 * A function's name that was made of its secret's, kept apart from those of other secrets of the app whose names differ in
 * punctuation alone, or that have the same prefix in another stack. The one that is declared first keeps the plain name.
 */
export function distinctFunctionName(
  scope: Construct,
  functionName: string,
  madeOf: string,
  isPrefix: boolean,
): string {
  if (isReference(functionName)) return functionName;
  const stack = TerraformStack.of(scope);
  const place = placeOf(scope);
  const collides = othersOf(scope, functionName)
    .filter((other) => !areApart(other.place, place))
    .some(
      (other) =>
        other.madeOf !== undefined &&
        (other.madeOf !== madeOf || (isPrefix && (other.stack !== stack || other.place.key !== place.key))),
    );
  const name = collides ? hashedName(functionName, `${stack.node.id} ${madeOf}`) : functionName;
  othersOf(scope, name).push({ stack, place, path: `${scope.node.path}/function`, madeOf, isPrefix });
  return name;
}

/**
 * @param option gives a function another name
 * @throws NAME if another function of the stack has the name: AWS would refuse the second one
 */
export function checkFunctionName(
  scope: Construct,
  functionName: string,
  option = 'functionOptions.functionName',
): void {
  if (isReference(functionName)) return;
  const stack = TerraformStack.of(scope);
  const place = placeOf(scope);
  const others = othersOf(scope, functionName);
  const other = others.find(
    (each) => each.stack === stack && each.place.key === place.key && each.path !== scope.node.path,
  );
  if (other !== undefined) {
    throw new ConstructError(
      'NAME',
      `The functions ${other.path} and ${scope.node.path} are both named "${functionName}". Give one of them another name with ` +
        `${option}.`,
    );
  }
  if (!others.some(({ path }) => path === scope.node.path)) others.push({ stack, place, path: scope.node.path });
}

function placeOf(scope: Construct): Place {
  return { key: placeKey(scope), region: knownRegion(scope), isGiven: providerOf(scope) !== undefined };
}

/** Stacks that give no provider keep the names that they had before there were others. */
function areApart(one: Place, other: Place): boolean {
  if (!one.isGiven && !other.isGiven) return false;
  return one.region !== undefined && other.region !== undefined && one.region !== other.region;
}
