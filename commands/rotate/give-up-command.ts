/** What takes `AWSPENDING` from a version: RotateSecret is refused while it has the label, and Terraform's update of a rotation with it. */
export function giveUpCommand(secretId: string, versionId: string): string {
  return `aws secretsmanager update-secret-version-stage --secret-id ${secretId} --version-stage AWSPENDING --remove-from-version-id ${versionId}`;
}
