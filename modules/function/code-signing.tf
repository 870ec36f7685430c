# With a signing configuration, Lambda takes only archives that AWS Signer signed, from S3.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html

locals {
  code_signing = var.settings.code_signing[*]
  signed_code  = one([for job in aws_signer_signing_job.code : one(one(job.signed_object).s3)])
}

resource "aws_s3_object" "unsigned" {
  count = length(local.code_signing)

  bucket      = local.code_signing[count.index].bucket_name
  key         = "rotaform/unsigned/${var.name}.zip"
  source      = var.rotation.archive
  source_hash = filebase64sha256(var.rotation.archive)
}

resource "aws_signer_signing_job" "code" {
  count = length(local.code_signing)

  profile_name = local.code_signing[count.index].profile_name

  source {
    s3 {
      bucket  = local.code_signing[count.index].bucket_name
      key     = aws_s3_object.unsigned[count.index].key
      version = aws_s3_object.unsigned[count.index].version_id
    }
  }

  destination {
    s3 {
      bucket = local.code_signing[count.index].bucket_name
      prefix = "rotaform/signed/"
    }
  }
}
