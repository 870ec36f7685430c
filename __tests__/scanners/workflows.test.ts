import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
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
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = fileURLToPath(new URL('../../.github/workflows/', import.meta.url));
const text = (file: string) => readFileSync(`${folder}${file}`, 'utf8');
const files = readdirSync(folder);
const { permissions, jobs }: Workflow = parse(text('terraform.yml'));

function job(name: string): Job {
  const found = jobs[name];
  if (found === undefined) throw new Error(`terraform.yml has no job ${name}.`);
  return found;
}

function step(jobName: string, part: string): Step {
  const found = job(jobName).steps.find(({ run, uses }) => `${run}${uses}`.includes(part));
  if (found === undefined) throw new Error(`The job ${jobName} has no step with ${part}.`);
  return found;
}

describe.each(files)('.github/workflows/%s', (file) => {
  it('uses actions of one commit each, with their version beside it', () => {
    const used = [...text(file).matchAll(/uses: (.*)$/gm)].map(([, action = '']) => action);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    expect(new Set(used).size).toBe(new Set(used.map((action) => action.split('@')[0])).size);
  });

  it('leaves no token of GitHub beside the sources', () => {
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
  it('gives a job what it needs, and nothing by default', () => {
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

  it('runs what npm installs only where there are no credentials', () => {
    const runsNpm = (name: string) => job(name).steps.some(({ run = '' }) => /\bnp[mx]\b/.test(run));
    expect(Object.keys(jobs).filter(runsNpm)).toEqual(['synth', 'check']);
  });

  it('checks with the code, the list and the lock file of the base branch, and nothing of the pull request', () => {
    const base = `\${{ github.event.pull_request.base.sha || github.sha }}`;
    for (const name of ['check', 'scan']) expect(step(name, 'actions/checkout').with).toMatchObject({ ref: base });
    expect(step('check', 'actions/setup-node').with).toMatchObject({ 'package-manager-cache': false });
    expect(step('check', 'npm ci').run).toBe('npm ci --ignore-scripts');
    expect(step('check', 'check-stack').run).toContain('--copy-to checked/stack');
    expect(step('check', '.terraform.lock.hcl').run).toContain('cp .terraform.lock.hcl checked/stack/');
  });

  it('shows Terraform what was checked alone, and installs no provider that the lock file does not name', () => {
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

  it('plans as a role of its own, and applies as another once the environment lets it', () => {
    expect(step('plan', 'configure-aws-credentials').with).toMatchObject({
      'role-to-assume': expect.stringContaining('vars.AWS_PLAN_ROLE_ARN'),
    });
    expect(step('apply', 'configure-aws-credentials').with).toMatchObject({
      'role-to-assume': expect.stringContaining('vars.AWS_APPLY_ROLE_ARN'),
    });
    expect(job('apply')).toMatchObject({ environment: 'production', needs: ['plan', 'scan'] });
  });

  it('applies the plan that was made, with its code and the same ephemeral variables', () => {
    expect(step('plan', ' plan ').run).toContain('-out=plan');
    expect(step('apply', 'apply').run).toMatch(/ apply plan$/);
    expect(step('apply', 'apply').env).toEqual(step('plan', '-out=plan').env);
    expect(text('terraform.yml')).toMatch(/env: &variables[\s\S]*env: \*variables/);
    const { path, ...kept } = job('plan').steps.at(-1)?.with ?? {};
    expect(kept).toMatchObject({ name: 'planned', 'include-hidden-files': true });
    expect(String(path).split('\n')).toContain('stack');
    const artifact = `\${{ needs.plan.outputs.artifact }}`;
    expect(step('apply', 'download-artifact').with).toEqual({ 'artifact-ids': artifact, path: 'stack' });
  });
});

describe('The plan role of docs/ci.md', () => {
  const page = readFileSync(fileURLToPath(new URL('../../docs/ci.md', import.meta.url)), 'utf8');
  const documents = [...page.matchAll(/^```json\n(.*?)^```/gms)].map(([, json = '']) => JSON.parse(json));
  const statements: { Effect: string; Action: string | string[] }[] = documents.flatMap(
    ({ Statement = [] }) => Statement,
  );
  const actions = (effect: string) =>
    statements.filter(({ Effect }) => Effect === effect).flatMap(({ Action }) => Action);

  it('sees what is deployed, changes nothing, and reads no value', () => {
    const allowed = actions('Allow').filter((action) => action !== 'sts:AssumeRoleWithWebIdentity');
    expect(allowed.length).toBeGreaterThan(10);
    for (const action of allowed) expect(action).toMatch(/^\w+:(Get|List|Describe)\w+$/);
    expect(allowed).not.toContain('secretsmanager:GetSecretValue');
    expect(actions('Deny')).toContain('secretsmanager:GetSecretValue');
  });
});
