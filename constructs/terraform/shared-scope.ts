import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';

/** An id that nobody gives to a construct of their own, as cdktf's own `__cdktf_…`. */
const ID = '__rotaform';

/** Where a stack keeps what its constructs share. It takes no id from the stack that a user might want. */
export function sharedScope(scope: Construct): Construct {
  const stack = TerraformStack.of(scope);
  return (stack.node.tryFindChild(ID) as Construct | undefined) ?? new Construct(stack, ID);
}
