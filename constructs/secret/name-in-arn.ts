/** The secret's name in its whole ARN, with the hyphen and six characters at the end; undefined for any other text. */
export function nameInArn(secretArn: string): string | undefined {
  return /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:([\w/+=.@-]{1,512})-[A-Za-z0-9]{6}$/.exec(secretArn)?.[1];
}
