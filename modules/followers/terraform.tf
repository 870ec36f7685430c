terraform {
  required_version = ">= 1.11.0"

  required_providers {
    # Versions 6.45 to 6.49 break write-only secret versions.
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.50.0, < 7.0.0"
    }
  }
}
