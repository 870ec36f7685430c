/** How long a command waits for AWS before it says so: without it, the AWS SDK waits for an answer forever. */
export const ANSWERS_WITHIN = {
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};
