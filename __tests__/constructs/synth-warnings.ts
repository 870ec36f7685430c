import { AnnotationMetadataEntryType, type TerraformStack } from 'cdktf';
import { synthesize } from './synthesize.ts';

/** What synth warns of in a stack with these declarations. */
export function synthWarnings(declare: (stack: TerraformStack) => void): string[] {
  const warnings: string[] = [];
  synthesize((stack) => {
    declare(stack);
    const notes = stack.node.findAll().flatMap(({ node }) => node.metadata);
    warnings.push(...notes.filter(({ type }) => type === AnnotationMetadataEntryType.WARN).map(({ data }) => data));
  });
  return warnings;
}
