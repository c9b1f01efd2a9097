/** What a role may not do is not there. Roles are checked by the server; here it is that nobody is shown a closed door. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../src/domain/access.ts';
import { request, tokenFor } from '../support/app.ts';
import { chromiumPath } from '../support/browser.ts';
import { BUILD_MS, type DashboardFixture, openDashboardFixture, settled } from './fixture.ts';

const SECTIONS: Record<Role, string[]> = {
  ADMIN: [
    'Overview',
    'Tasks',
    'Dead letters',
    'Jobs',
    'Workers',
    'Schedules',
    'Operations',
    'Events',
    'Webhooks',
    'Keys',
  ],
  WORKER: ['Overview', 'Tasks', 'Dead letters', 'Jobs', 'Workers', 'Schedules'],
  MEMBER: ['Overview', 'Tasks', 'Dead letters', 'Jobs', 'Workers'],
  USER: ['Overview', 'Tasks', 'Jobs'],
};

/** Buttons and links by which something is changed. */
const CHANGES =
  /^(Retry|Cancel|Discard|Drain|Deregister|Run…|Run now|Pause|Create|Revoke|Test|Delete|Run again|Send a test|New secret|Turn o)/;

describe.skipIf(!chromiumPath)('roles in the dashboard', () => {
  let fixture: DashboardFixture;
  beforeAll(async () => {
    fixture = await openDashboardFixture();
  }, BUILD_MS);
  afterAll(() => fixture?.close());

  /** The names of what can be pressed on a page. */
  async function actions(path: string, token: string): Promise<string[]> {
    const page = await fixture.open(path, { token });
    await settled(page);
    const names = await page
      .locator('main :is(button, a)')
      .evaluateAll((elements) => elements.map((element) => element.textContent?.trim() ?? ''));
    await page.context().close();
    return names.filter((name) => CHANGES.test(name));
  }

  it.each(Object.entries(SECTIONS) as [Role, string[]][])('%s sees its sections', async (role, sections) => {
    const page = await fixture.open('/', { token: await tokenFor('ada', role, ['lab']) });
    const rail = page.getByRole('navigation', { name: 'Sections' });
    await rail.getByRole('link', { name: 'Overview', exact: true }).waitFor();
    // Without those behind "More", which is of the bar on narrow screens.
    const names = await rail.locator('ul:not([popover] ul) > li > a').allTextContents();
    expect(names.map((name) => name.trim())).toEqual(sections);
    await page.context().close();
  });

  it('an ADMIN can act on a failed task, a worker and a schedule', async () => {
    const token = await tokenFor('root', 'ADMIN', ['*']);
    const { failed, worker, schedule } = fixture.seeded;
    expect(await actions(`/tasks/${failed}`, token)).toEqual(['Run again with edits', 'Retry', 'Discard']);
    expect(await actions(`/workers/${worker}`, token)).toEqual(['Drain', 'Deregister']);
    expect(await actions(`/schedules/${schedule}`, token)).toEqual(['Run now', 'Pause', 'Delete']);
  });

  it('a MEMBER may stop what others run in its room, and change nothing else of theirs', async () => {
    const token = await tokenFor('ada', 'MEMBER', ['lab']);
    const { failed, running, worker } = fixture.seeded;
    expect(await actions(`/tasks/${failed}`, token)).toEqual(['Run again with edits']);
    expect(await actions(`/tasks/${running}`, token)).toEqual(['Run again with edits', 'Cancel']);
    expect(await actions(`/workers/${worker}`, token)).toEqual([]);
  });

  it('a WORKER cannot change tasks', async () => {
    const token = await tokenFor('machine', 'WORKER', ['lab']);
    const page = await fixture.open('/dead-letters?room=lab', { token });
    await settled(page);
    expect(await page.getByRole('button', { name: 'All that match' }).count()).toBe(0);
    await page.context().close();
    expect(await actions(`/tasks/${fixture.seeded.failed}`, token)).not.toContain('Retry');
  });

  it('a WORKER defines, sees and runs schedules of its rooms, and none of operations', async () => {
    const token = await tokenFor('machine', 'WORKER', ['lab']);
    expect(await actions(`/schedules/${fixture.seeded.schedule}`, token)).toEqual([
      'Run now',
      'Pause',
      'Delete',
    ]);
    const page = await fixture.open('/schedules?new=yes', { token });
    await page.getByLabel('Name').fill('every hour');
    expect(await page.getByLabel('Starts').count()).toBe(0);
    await page.getByLabel('Job', { exact: true }).fill('lab:general:orphan');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.waitForURL(/\/schedules\/schedule_/);
    await page.getByRole('heading', { level: 1, name: 'every hour' }).waitFor();
    await page.context().close();
    expect(await actions('/schedules', await tokenFor('other', 'WORKER', ['yard']))).toEqual([
      'Create a schedule',
      'Create the first one',
    ]);
  });

  it('a USER has its own tasks on the overview, or a way to the first one', async () => {
    const token = await tokenFor('eve', 'USER', ['lab']);
    const page = await fixture.open('/', { token });
    await page.getByText('You have submitted nothing yet').waitFor();
    await request(
      fixture.url,
      token,
      'mutation { submitTask(input: { room: "lab", job: "lab:general:orphan", payload: {} }) { __typename } }',
    );
    await page.getByRole('heading', { name: 'Your newest tasks' }).waitFor();
    await page.locator('main a[href^="/tasks/task_"]').filter({ hasText: 'orphan' }).waitFor();
    await page.context().close();
  });

  it('a USER sees none of the tasks of others', async () => {
    const token = await tokenFor('ada', 'USER', ['lab']);
    const page = await fixture.open(`/tasks/${fixture.seeded.failed}`, { token });
    await page.getByText('There is no such task').waitFor();
    await page.context().close();
  });

  it('keeps to the policy all the while', () => {
    expect(fixture.complaints).toEqual([]);
  });
});

describe.skipIf(!chromiumPath)('a dashboard that is read-only', () => {
  let fixture: DashboardFixture;
  beforeAll(async () => {
    fixture = await openDashboardFixture({ SIGNALBOX_DASHBOARD: 'read-only' });
  }, BUILD_MS);
  afterAll(() => fixture?.close());

  it('offers no changes, not even to an ADMIN', async () => {
    const { failed, worker, schedule, webhook } = fixture.seeded;
    for (const path of [
      `/tasks/${failed}`,
      '/dead-letters',
      `/workers/${worker}`,
      '/schedules',
      `/schedules/${schedule}`,
      '/operations',
      '/webhooks',
      `/webhooks/${webhook}`,
      '/keys',
    ]) {
      const page = await fixture.open(path);
      await settled(page);
      const names = await page
        .locator('main :is(button, a)')
        .evaluateAll((elements) => elements.map((element) => element.textContent?.trim() ?? ''));
      expect(
        names.filter((name) => CHANGES.test(name)),
        path,
      ).toEqual([]);
      await page.context().close();
    }
  });
});
