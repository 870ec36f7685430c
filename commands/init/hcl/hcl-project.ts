import type { HclFolder } from './hcl-choice.ts';

const PROVIDER = `provider "aws" {
  region = "us-east-1"
}
`;

/** The files of a Terraform folder that is new; none for one that is there. */
export function hclProject({ files, sources }: HclFolder): Readonly<Record<string, string>> {
  if (sources.size > 0) return {};
  return {
    'main.tf': `terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.50.0, < 7.0.0"
    }
  }
}

${PROVIDER}`,
    ...(!files.includes('.gitignore') && { '.gitignore': ['.terraform/', '*.tfstate*', ''].join('\n') }),
  };
}

/** The lines that a folder that is there lacks. */
export function missingLines({ sources }: HclFolder): string[] {
  const hasProvider = [...sources.values()].some((text) => /provider"?\s*:?\s*[{"]?\s*"?aws"/.test(text));
  return sources.size === 0 || hasProvider ? [] : PROVIDER.trim().split('\n');
}
