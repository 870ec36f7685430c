import type { DataArchiveFile } from '@cdktf/provider-archive/lib/data-archive-file/index.js';
import { S3Object } from '@cdktf/provider-aws/lib/s3-object/index.js';
import { SignerSigningJob } from '@cdktf/provider-aws/lib/signer-signing-job/index.js';
import { Construct } from 'constructs';
import { checkOptions } from '../checks/check-options.ts';

/** What Lambda's code signing needs: it takes only archives that AWS Signer signed, from S3. */
export interface CodeSigning {
  /** Lambda's code signing configuration, which names the profiles to trust. */
  readonly configArn: string;
  /** The signing profile, of the platform `AWSLambda-SHA384-ECDSA`. */
  readonly profileName: string;
  /** A bucket with versioning, for the archives before and after they are signed. */
  readonly bucketName: string;
}

/**
 * An archive that AWS Signer signs, again whenever it changes.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html
 */
export class SignedCode extends Construct {
  readonly object: S3Object;
  readonly signingJob: SignerSigningJob;
  /** The signed archive, as a function takes it. */
  readonly code: { readonly s3Bucket: string; readonly s3Key: string };

  /** @throws OPTIONS */
  constructor(scope: Construct, id: string, archive: DataArchiveFile, codeSigning: CodeSigning) {
    super(scope, id);
    checkOptions('codeSigning', codeSigning, {
      configArn: 'required',
      profileName: 'required',
      bucketName: 'required',
    });
    const { profileName, bucketName } = codeSigning;
    this.object = new S3Object(this, 'object', {
      bucket: bucketName,
      key: `rotaform/unsigned/${this.node.addr}.zip`,
      source: archive.outputPath,
      sourceHash: archive.outputBase64Sha256,
    });
    this.signingJob = new SignerSigningJob(this, 'signing_job', {
      profileName,
      source: { s3: { bucket: bucketName, key: this.object.key, version: this.object.versionId } },
      destination: { s3: { bucket: bucketName, prefix: 'rotaform/signed/' } },
    });
    const signed = this.signingJob.signedObject.get(0).s3.get(0);
    this.code = { s3Bucket: signed.bucket, s3Key: signed.key };
  }
}
