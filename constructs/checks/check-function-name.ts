import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { ConstructError } from '../construct-error.ts';

/** The function that has each name, by its path. */
const named = new WeakMap<TerraformStack, Map<string, string>>();

/** @throws NAME where another function of the stack has the name: AWS would refuse the second one */
export function checkFunctionName(scope: Construct, functionName: string): void {
  const stack = TerraformStack.of(scope);
  const names = named.get(stack) ?? new Map<string, string>();
  named.set(stack, names);
  const other = names.get(functionName);
  if (other !== undefined) {
    throw new ConstructError(
      'NAME',
      `The functions ${other} and ${scope.node.path} are both named "${functionName}". Give one of them another name with ` +
        'functionOptions.functionName.',
    );
  }
  names.set(functionName, scope.node.path);
}
