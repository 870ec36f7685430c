import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly needs?: string | string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = fileURLToPath(new URL('../../.github/workflows/', import.meta.url));
const text = (file: string) => readFileSync(`${folder}${file}`, 'utf8');
const files = readdirSync(folder);
const { on, permissions, jobs }: Workflow = parse(text('terraform.yml'));

function job(name: string): Job {
  const found = jobs[name];
  if (found === undefined) throw new Error(`terraform.yml has no job ${name}.`);
  return found;
}

function step(jobName: string, part: string): Step {
  const found = job(jobName).steps.find(({ run, uses, with: inputs }) => `${run}${uses}${inputs?.name}`.includes(part));
  if (found === undefined) throw new Error(`The job ${jobName} has no step with ${part}.`);
  return found;
}

describe.each(files)('.github/workflows/%s', (file) => {
  it('pins each action to a commit, with its version next to it', () => {
    const used = [...text(file).matchAll(/uses: (.*)$/gm)].map(([, action = '']) => action);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    expect(new Set(used).size).toBe(new Set(used.map((action) => action.split('@')[0])).size);
  });

  it('leaves no GitHub token next to the sources', () => {
    const { jobs }: Workflow = parse(text(file));
    for (const { steps } of Object.values(jobs)) {
      for (const { uses = '', with: inputs } of steps) {
        if (uses.startsWith('actions/checkout@')) expect(inputs).toMatchObject({ 'persist-credentials': false });
      }
    }
  });

  it('never has Terraform print the bodies of requests', () => {
    expect(text(file)).not.toContain('TF_LOG');
  });
});

describe('The workflow that teams copy', () => {
  it('gives a job only what it needs, and nothing by default', () => {
    expect(permissions).toEqual({});
    expect(Object.fromEntries(Object.entries(jobs).map(([name, { permissions }]) => [name, permissions]))).toEqual({
      synth: { contents: 'read' },
      check: { contents: 'read' },
      scan: { contents: 'read' },
      plan: { 'id-token': 'write' },
      comment: { 'pull-requests': 'write' },
      apply: { 'id-token': 'write' },
    });
  });

  it('runs what npm installs only in jobs without credentials', () => {
    const runsNpm = (name: string) => job(name).steps.some(({ run = '' }) => /\bnp[mx]\b/.test(run));
    expect(Object.keys(jobs).filter(runsNpm)).toEqual(['synth', 'check']);
  });

  it('checks with the code, the list and the lock file of the base branch, and with nothing from the pull request', () => {
    const base = `\${{ github.event.pull_request.base.sha || github.sha }}`;
    for (const name of ['check', 'scan']) expect(step(name, 'actions/checkout').with).toMatchObject({ ref: base });
    expect(step('check', 'actions/setup-node').with).toMatchObject({ 'package-manager-cache': false });
    expect(step('check', 'npm ci').run).toBe('npm ci --ignore-scripts');
    expect(step('check', 'check-stack').run).toContain('--copy-to checked/stack');
    expect(step('check', '.terraform.lock.hcl').run).toContain('cp .terraform.lock.hcl checked/stack/');
  });

  it('gives Terraform only what was checked, and installs no provider that the lock file does not name', () => {
    for (const name of ['plan', 'scan']) {
      expect(job(name).needs).toBe('check');
      expect(step(name, 'download-artifact').with).toMatchObject({
        'artifact-ids': `\${{ needs.check.outputs.artifact }}`,
      });
      expect(JSON.stringify(job(name))).not.toContain('synthesized');
    }
    for (const name of ['plan', 'apply']) expect(step(name, ' init ').run).toMatch(/ -lockfile=readonly$/);
  });

  it('installs Checkov by hashes', () => {
    expect(step('scan', 'pip install').run).toContain('--require-hashes --only-binary :all:');
    const lines = readFileSync(`${folder}../checkov.txt`, 'utf8')
      .split('\n')
      .filter((line) => /^[^#]/.test(line));
    expect(lines.length).toBeGreaterThan(50);
    for (const line of lines) expect(line).toMatch(/^[a-z0-9._-]+==[\w.]+ --hash=sha256:[0-9a-f]{64}$/);
    expect(lines.join('\n')).toMatch(/^checkov==/m);
  });

  it('plans with one role, and applies with another once the environment allows it', () => {
    expect(step('plan', 'configure-aws-credentials').with).toMatchObject({
      'role-to-assume': expect.stringContaining('vars.AWS_PLAN_ROLE_ARN'),
    });
    expect(step('apply', 'configure-aws-credentials').with).toMatchObject({
      'role-to-assume': expect.stringContaining('vars.AWS_APPLY_ROLE_ARN'),
    });
    expect(job('apply')).toMatchObject({ environment: 'production', needs: ['plan', 'scan'] });
  });

  it('applies the saved plan, with its code and the same ephemeral variables', () => {
    expect(step('plan', ' plan ').run).toContain('-out=plan');
    expect(step('apply', 'apply').run).toMatch(/ apply plan\n$/);
    expect(step('apply', 'apply').env).toEqual(step('plan', '-out=plan').env);
    expect(text('terraform.yml')).toMatch(/env: &variables[\s\S]*env: \*variables/);
    const { path: paths, ...kept } = job('plan').steps.at(-1)?.with ?? {};
    expect(kept).toMatchObject({ name: 'planned', 'include-hidden-files': true });
    expect(String(paths).split('\n')).toContain('stack');
    const artifact = `\${{ needs.plan.outputs.artifact }}`;
    expect(step('apply', 'download-artifact').with).toEqual({ 'artifact-ids': artifact, path: 'stack' });
  });
});

/** Runs a step as GitHub's runner does, in a folder, with stand-ins for the programs that it calls. */
class RunStep {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'rotaform-step-'));

  write(name: string, text: string): this {
    writeFileSync(path.join(this.folder, name), text, { mode: 0o755 });
    return this;
  }

  read(name: string): string {
    return readFileSync(path.join(this.folder, name), 'utf8');
  }

  run({ run = '' }: Step, env: object = {}): string {
    const PATH = `${this.folder}:${process.env.PATH}`;
    return execFileSync('bash', ['-e', '-c', run], {
      cwd: this.folder,
      env: { ...process.env, PATH, ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}

describe('What a pull request writes into a plan', () => {
  const steps: RunStep[] = [];
  const inFolder = () => {
    const step = new RunStep();
    steps.push(step);
    return step;
  };
  afterAll(() => {
    for (const { folder } of steps) rmSync(folder, { recursive: true });
  });

  it.each(['plan', 'apply'])('is not read as a command by the runner: %s', (name) => {
    const ran = inFolder().write('terraform', '#!/bin/sh\necho "::add-mask::a"\n');
    const env = { GITHUB_OUTPUT: path.join(ran.folder, 'output') };
    const output = ran.run(step(name, `terraform -chdir=stack ${name}`), env);
    expect(output).toMatch(/^::stop-commands::([0-9a-f]{64})\n::add-mask::a\n\n::\1::\n$/);
  });

  it('is not read as a command by the runner if the plan fails, which ends the step', () => {
    const ran = inFolder().write('terraform', '#!/bin/sh\necho "::add-mask::a"\nexit 1\n');
    let output = '';
    try {
      ran.run(step('plan', '-out=plan'));
    } catch (error) {
      output = String(Reflect.get(Object(error), 'stdout'));
    }
    expect(output).toMatch(/^::stop-commands::([0-9a-f]{64})\n::add-mask::a\n\n::\1::\n$/);
  });

  const comment = (plan: string) => {
    const ran = inFolder().write('gh', '#!/bin/sh\nexit 0\n').write('plan.txt', plan);
    ran.run(step('comment', 'comment.md'), { REPOSITORY: 'a/b', NUMBER: '1', LOG: 'https://github.example/log' });
    return ran.read('comment.md');
  };

  it('ends no block of code in the comment, which has the summary first', () => {
    expect(comment('  # a\n```\n**No changes.**\n\nPlan: 1 to add, 0 to change, 0 to destroy.\n')).toBe(
      '<!-- terraform plan -->\n### Terraform plan\nPlan: 1 to add, 0 to change, 0 to destroy.\n\n' +
        '      # a\n    ```\n    **No changes.**\n    \n    Plan: 1 to add, 0 to change, 0 to destroy.\n',
    );
  });

  it('is not cut without a notice', () => {
    const text = comment(`${'é\n'.repeat(20_000)}Plan: 0 to add, 0 to change, 1 to destroy.\n`);
    expect(text).toMatch(/^<!-- terraform plan -->\n### Terraform plan\nPlan: 0 to add, 0 to change, 1 to destroy\.\n/);
    const [, more = ''] =
      /^\*\*Cut: (\d+) bytes more in \[the log\]\(https:\/\/github\.example\/log\)\.\*\*$/m.exec(text) ?? [];
    expect(Number(more)).toBe(20_000 * Buffer.byteLength('    é\n') + 47 - 60_000);
    expect(Buffer.byteLength(text)).toBeLessThan(65_536);
  });

  it.each<[object, boolean]>([
    [{ backend: { s3: { bucket: 'a' } } }, true],
    [{ backend: { local: {} } }, false],
    [{ backend: { s3: {}, local: {} } }, false],
    [{ backend: {} }, false],
    [{}, false],
  ])('is planned only with a state in S3: %j is %j', (terraform, isPlanned) => {
    const ran = inFolder();
    execFileSync('mkdir', [path.join(ran.folder, 'stack')]);
    ran.write('stack/cdk.tf.json', JSON.stringify({ terraform }));
    const plan = () => ran.run(step('plan', 'jq '));
    if (isPlanned) expect(plan).not.toThrow();
    else expect(plan).toThrow();
  });

  it('is checked only by the code on main, and commented by the id of its artifact', () => {
    expect(on).toEqual({ pull_request: { branches: ['main'] }, push: { branches: ['main'] } });
    const artifact = `\${{ needs.plan.outputs.text }}`;
    expect(step('comment', 'download-artifact').with).toEqual({ 'artifact-ids': artifact });
    expect(step('plan', 'plan-text')).toMatchObject({ id: 'text' });
    for (const { steps } of Object.values(jobs)) {
      for (const { uses = '', with: inputs } of steps) {
        if (uses.startsWith('actions/upload-artifact@')) expect(inputs).toMatchObject({ 'retention-days': 1 });
      }
    }
  });
});
