/** The shipped workflows: whole, and made of tasks and specialists that the fleet has. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../.ci/project.mjs';
import type { FleetManifest } from '../../src/core/specialist.ts';
import { parseWorkflow } from '../../src/core/workflow.ts';
import type { WorkManifest } from '../../src/core/work.ts';

const folder = join(ROOT, 'public/workflows');
const names = readdirSync(folder);
const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8')) as unknown;
const fleet = json(join(ROOT, 'public/fleet/fleet.json')) as FleetManifest;
const works = fleet.works.map(
  ({ manifest }) => json(join(ROOT, 'public/fleet', manifest.path)) as WorkManifest,
);

describe('shipped workflows', () => {
  it('are five', () => {
    expect(names.sort()).toEqual([
      'accounts-payable.json',
      'call-wrap-up.json',
      'goods-in.json',
      'helpdesk-triage.json',
      'outpatient-coding.json',
    ]);
  });

  it.each(names)('%s', (name) => {
    const read = parseWorkflow(json(join(folder, name)), name);
    expect(read.ok ? '' : read.failure.message).toBe('');
    if (!read.ok) return;
    expect(`${read.value.id}.json`).toBe(name);
    for (const { task, specialist, id } of read.value.steps) {
      const sorts = fleet.specialists.some((one) => one.id === specialist);
      const known = specialist === undefined || sorts || works.some((one) => one.id === specialist);
      expect(known, `${id} names ${specialist}`).toBe(true);
      const does = task === 'classify' || works.some((one) => one.task === task);
      expect(does, `${id} does ${task}`).toBe(true);
    }
  });
});
