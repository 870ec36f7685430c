/** What any AWS client sends with a request, as far as the local AWS looks: a signature of no particular key. */
export const SIGNED = {
  authorization: `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/secretsmanager/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
} as const;
