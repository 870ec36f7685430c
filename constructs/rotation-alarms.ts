import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { AlarmTopic } from './alarms/alarm-topic.ts';
import { checkAlarmProps, type RotationAlarmsProps, rotationAlarmsProps } from './alarms/check-alarm-props.ts';
import { FailureRules } from './alarms/failure-rules.ts';
import { OverdueWatch } from './alarms/overdue-watch.ts';
import { type RotatingSecret, secretNameOf, stackRotations, watchedFleet } from './alarms/stack-rotations.ts';
import { checkOptions } from './checks/check-options.ts';
import { RotationFunction } from './rotation-function.ts';
import { providerOf, takeProvider } from './terraform/provider.ts';

const FIVE_MINUTES = 300;
const DAY = 86_400;

/** Functions whose alarms are called after them alone: AWS would let a second alarm of the same name write over the first. */
const alarmed = new WeakSet<RotationFunction>();

/**
 * Tells somebody when a rotation fails, or does not take place: alarms on each function, and on secrets that are overdue or do not
 * rotate at all. With a trail in the region, a message names each rotation that failed.
 * @throws ConstructError OPTIONS
 * @example
 * new RotationAlarms(stack, 'alarms', { email: 'team@example.com' });
 */
export class RotationAlarms extends Construct {
  /** Where the alarms go. */
  readonly topicArn: string;
  /** Absent where `topicArn` gives another one. */
  readonly topic: AlarmTopic | undefined;
  readonly overdueWatch: OverdueWatch;
  readonly failureRules: FailureRules;
  /** The worst secret is overdue, or nobody has looked for a day. */
  readonly overdueAlarm: CloudwatchMetricAlarm;
  /** A secret is not there, is switched off, never had a rotation, or has one that does not end. */
  readonly notRotatingAlarm: CloudwatchMetricAlarm;
  /** Errors and throttles of each function. */
  readonly functionAlarms: CloudwatchMetricAlarm[] = [];
  readonly #name: string;
  readonly #runbook: string;
  readonly #tags: RotationAlarmsProps['tags'];
  readonly #functions = new Set<RotationFunction>();

  /** Says that something else watches the stack's secrets: synth then does not warn of them. */
  static elsewhere(scope: Construct): void {
    stackRotations(scope).elsewhere = true;
  }

  constructor(scope: Construct, id: string, props: RotationAlarmsProps) {
    super(scope, id);
    checkOptions('RotationAlarms', props, rotationAlarmsProps);
    takeProvider(this, props);
    const { name, roleOptions, runbook } = checkAlarmProps(this, props);
    const { secrets, secretNamePrefix, except = [], email, runtime = 'nodejs24.x', tags } = props;
    this.#name = name;
    this.#runbook = runbook;
    this.#tags = tags;
    this.topic = email === undefined ? undefined : new AlarmTopic(this, 'topic', { name, email, tags });
    this.topicArn = this.topic?.topic.arn ?? props.topicArn ?? '';
    this.overdueWatch = new OverdueWatch(this, 'overdue', {
      name,
      secretNamePrefix,
      except,
      runtime,
      roleOptions,
      tags,
    });
    this.failureRules = new FailureRules(this, 'failures', {
      name,
      topicArn: this.topicArn,
      secretNamePrefix,
      runbook,
      tags,
    });
    const log = `The log ${this.overdueWatch.logGroup.nameInput} names them.`;
    this.overdueAlarm = this.#metricAlarm(
      'overdue_alarm',
      'DaysOverdue',
      `Secrets did not rotate in time, or nobody has looked for a day. ${log} What to do: ${this.#entry('finding-overdue')}`,
      'breaching',
    );
    this.notRotatingAlarm = this.#metricAlarm(
      'not_rotating_alarm',
      'NotRotating',
      `Secrets are not there, do not rotate, or have a rotation that does not end. ${log} What to do: ${this.#entry('what-status-and-preflight-find')}`,
      'notBreaching',
    );
    this.#alarmsOf(
      'overdue_function',
      this.overdueWatch.function.functionName,
      'The function that looks for overdue secrets',
    );
    const rotations = stackRotations(this);
    if (secrets !== undefined) for (const secret of secrets) this.#add(secret, watchedFleet(secret, secrets));
    // An alarm is in one region, and hears of nothing in another.
    else if (secretNamePrefix === undefined) {
      rotations.each((secret) => {
        if (providerOf(secret) === providerOf(this)) this.#add(secret, secret.rotationFunction.secretNamePrefix);
      });
    }
    if (secretNamePrefix !== undefined) {
      rotations.each((secret) => {
        const isUnder = secretNameOf(secret)?.startsWith(secretNamePrefix) ?? false;
        if (isUnder && providerOf(secret) === providerOf(this)) this.overdueWatch.lookAfter(secret);
      });
    }
    this.node.addValidation({
      validate: () =>
        this.#functions.size > 0 || secretNamePrefix !== undefined || hasFleet(this)
          ? []
          : ['RotationAlarms watches nothing: no secret of the stack rotates. Declare one, or give secretNamePrefix.'],
    });
  }

  /** @param fleet how the names of all secrets of its function begin, if all are watched: limits then do not count them */
  #add(secret: RotatingSecret, fleet: string | undefined): void {
    stackRotations(this).watched.add(secret.rotation);
    this.overdueWatch.add(secret, fleet);
    if (fleet === undefined) this.failureRules.add(secret.secretArn);
    else this.failureRules.addFleet(fleet);
    const { rotationFunction } = secret;
    if (this.#functions.has(rotationFunction)) return;
    this.#functions.add(rotationFunction);
    const id = rotationFunction.node.path.split('/').slice(1).join('_');
    const prefix = alarmed.has(rotationFunction) ? `${this.#name}-` : '';
    alarmed.add(rotationFunction);
    this.#alarmsOf(id, rotationFunction.function.functionName, 'A rotation', prefix);
  }

  #alarmsOf(id: string, functionName: string, what: string, prefix = ''): void {
    const alarm = (metricName: 'Errors' | 'Throttles', says: string) =>
      new CloudwatchMetricAlarm(this, `${id}_${metricName.toLowerCase()}`, {
        alarmName: `${prefix}${functionName}-${metricName.toLowerCase()}`,
        alarmDescription: `${what} ${says}. The log /aws/lambda/${functionName} says why, with a code. What each code means: ${this.#entry('rotation-function')}`,
        namespace: 'AWS/Lambda',
        metricName,
        dimensions: { FunctionName: functionName },
        statistic: 'Sum',
        period: FIVE_MINUTES,
        evaluationPeriods: 1,
        threshold: 1,
        comparisonOperator: 'GreaterThanOrEqualToThreshold',
        treatMissingData: 'notBreaching',
        alarmActions: [this.topicArn],
        tags: this.#tags,
      });
    this.functionAlarms.push(alarm('Errors', 'failed'), alarm('Throttles', 'was not started: too many functions run'));
  }

  #metricAlarm(
    id: string,
    metricName: 'DaysOverdue' | 'NotRotating',
    alarmDescription: string,
    treatMissingData: 'breaching' | 'notBreaching',
  ): CloudwatchMetricAlarm {
    return new CloudwatchMetricAlarm(this, id, {
      alarmName: `${this.#name}-${id.replace('_alarm', '').replaceAll('_', '-')}`,
      alarmDescription,
      namespace: 'Rotaform',
      metricName,
      dimensions: { Alarms: this.#name },
      statistic: 'Maximum',
      period: DAY,
      evaluationPeriods: 1,
      threshold: 0,
      comparisonOperator: 'GreaterThanThreshold',
      treatMissingData,
      alarmActions: [this.topicArn],
      okActions: [this.topicArn],
      tags: this.#tags,
      dependsOn: [this.overdueWatch.firstLook],
    });
  }

  #entry(anchor: string): string {
    return `${this.#runbook}#${anchor}`;
  }
}

/** A fleet may have no secret today. */
function hasFleet(scope: Construct): boolean {
  const all = TerraformStack.of(scope).node.findAll();
  return all.some((each) => each instanceof RotationFunction && each.secretNamePrefix !== undefined);
}
