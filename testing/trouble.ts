import type { Fault, FaultKind } from '../local/faults/fault.ts';

/** What a function asked for: a call of Secrets Manager, or a statement that its target ran. */
export interface FunctionRequest {
  readonly to: 'Secrets Manager' | 'the target';
  /** Such as `GetSecretValue` or `ALTER USER`. */
  readonly name: string;
  /** Counted from 1 among those that went to the same. */
  readonly nth: number;
}

/** How a target answers instead of doing what it was asked; or after it has done it. */
const ANSWERS = { 'answer-500': 500, 'answer-429': 429, 'answer-500-after': 500 } as const;

export type TroubleKind = FaultKind | keyof typeof ANSWERS;

/** What goes wrong with a request. */
export interface Trouble extends FunctionRequest, Pick<Fault, 'times' | 'attempts' | 'delayMs'> {
  readonly kind: TroubleKind;
}

const KILLS = ['kill-before', 'kill-after'] as const;

/** Every way in which a request may be cut off: the target's statements have no answer that an SDK tries again. */
export function crashesAt(request: FunctionRequest): Trouble[] {
  const fails = request.to === 'the target' ? [] : (['fail-before', 'fail-after'] as const);
  return [...KILLS, ...fails].map((kind) => ({ ...request, kind }));
}

/** The same with the process gone each time. */
export function killsAt(request: FunctionRequest): Trouble[] {
  return KILLS.map((kind) => ({ ...request, kind }));
}

/** Every way in which a target may be out of order for a moment. */
export function answersAt(request: FunctionRequest): Trouble[] {
  return (Object.keys(ANSWERS) as (keyof typeof ANSWERS)[]).map((kind) => ({ ...request, kind }));
}

/** The HTTP status that goes with the trouble, if it is an answer. */
export function statusOf({ kind }: Trouble): number | undefined {
  return kind in ANSWERS ? ANSWERS[kind as keyof typeof ANSWERS] : undefined;
}

/** Such as `kill-after call 4 (PutSecretValue)`. */
export function nameOf({ kind, to, nth, name, times }: Trouble): string {
  const what = to === 'the target' ? 'statement' : kind === 'stale' ? 'read' : 'call';
  return `${kind} ${what} ${nth} (${name})${times === undefined ? '' : ` and on, ${times} in all`}`;
}
