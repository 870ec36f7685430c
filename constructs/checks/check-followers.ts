import { ConstructError } from '../construct-error.ts';
import { OnRotated } from '../on-rotated.ts';

/** As many as EventBridge lets one rule have. */
const MOST = 5;

/**
 * What `onRotated` gives, refused if it is no list of different followers.
 * @throws OPTIONS
 */
export function checkFollowers(onRotated: readonly OnRotated[]): readonly OnRotated[] {
  const makers = 'OnRotated.ecsService, sns, sqs, eventBus or webhook';
  if (!Array.isArray(onRotated) || !onRotated.every((each) => each instanceof OnRotated)) {
    throw refused(`onRotated is not a list of followers. Make each with ${makers}`);
  }
  if (onRotated.length > MOST) {
    const remedy = 'Send to one SNS topic or event bus, which passes it on to more';
    throw refused(`onRotated has ${onRotated.length} followers. Expected at most ${MOST}. ${remedy}`);
  }
  const texts = onRotated.map(({ follower }) => JSON.stringify(follower));
  const twice = texts.findIndex((text, index) => texts.indexOf(text) !== index);
  if (twice === -1) return onRotated;
  const { kind } = onRotated[twice]?.follower ?? {};
  throw refused(`onRotated has the same ${kind} twice, which would follow each rotation twice. Give it once`);
}

const refused = (problem: string) => new ConstructError('OPTIONS', `${problem}.`);
