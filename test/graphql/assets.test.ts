/** Assets: attached by the holder of a running attempt alone, listed newest first, seen by whoever sees the task. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, type Held, PROBLEM, startApi } from '../support/api.ts';
import { availableDatabases } from '../support/database.ts';
import { createTestStore } from '../support/test-store.ts';
import { taskIn } from './task-in-status.ts';

const ASSET = 'id taskId attempt type url storagePath size metadata createdBy createdAt';

describe.each(availableDatabases())('assets, on %s', (kind) => {
  let api: Api;
  let wim: Caller;
  let mia: Caller;

  beforeAll(async () => {
    api = await startApi(kind);
    wim = await api.caller('wim', 'WORKER', ['main']);
    mia = await api.caller('mia', 'MEMBER', ['main']);
  });
  afterAll(() => api?.close());

  const running = async (status: Parameters<typeof taskIn>[0] = 'RUNNING'): Promise<Held> => {
    const { taskId, workerId, attempt } = await taskIn(status, { worker: wim, submitter: mia, room: 'main' });
    return { taskId, workerId, attempt };
  };
  const attach = (held: Held, asset: Record<string, unknown>, by = wim) =>
    by.ask(
      `mutation ($input: AttachAssetInput!) { attachAsset(input: $input) {
        ${PROBLEM} ... on AttachAssetSuccess { asset { ${ASSET} } }
      } }`,
      { input: { ...held, ...asset } },
    );
  const list = async (taskId: string, page = 'first: 100', by = mia) =>
    (
      await by.ask(
        `query ($id: ID!) { task(id: $id) { assets(${page}) {
          nodes { ${ASSET} } pageInfo { hasNextPage endCursor }
        } } }`,
        { id: taskId },
      )
    )?.assets;
  const report = { type: 'report', url: 'https://files.example/report.html' };

  it('are kept as they were given, and found by their id', async () => {
    const held = await running();
    const big = 2 ** 40 + 1;
    const given = {
      type: 'model/weights',
      storagePath: '../a/./b c\\ü',
      size: big,
      metadata: { a: [1, null] },
    };
    const { asset } = await attach(held, given);
    expect(asset).toEqual({
      ...given,
      id: expect.stringMatching(/^asset_[0-9a-z]{26}$/),
      taskId: held.taskId,
      attempt: 1,
      url: null,
      createdBy: 'wim',
      createdAt: expect.any(String),
    });
    const plain = (await attach(held, report)).asset;
    expect(plain).toMatchObject({ ...report, storagePath: null, size: null, metadata: {} });
    expect((await list(held.taskId)).nodes).toEqual([plain, asset]);
    for (const found of [plain, asset]) {
      expect(
        await mia.ask(`query ($id: ID!) { node(id: $id) { ... on Asset { ${ASSET} } } }`, found),
      ).toEqual(found);
    }
  });

  it('come newest first and page by page, also when many are attached at the same time', async () => {
    const held = await running();
    const urls = Array.from({ length: 25 }, (_, n) => `https://files.example/${n}`);
    const attached = await Promise.all(urls.map((url) => attach(held, { type: 'file', url })));
    const newestFirst = attached.map(({ asset }) => asset.id).reverse();
    expect(newestFirst).toEqual([...newestFirst].sort().reverse());
    const pages: string[] = [];
    let after = '';
    for (let more = true; more; ) {
      const { nodes, pageInfo } = await list(held.taskId, `first: 10${after}`);
      pages.push(...nodes.map(({ id }: { id: string }) => id));
      after = `, after: "${pageInfo.endCursor}"`;
      more = pageInfo.hasNextPage;
    }
    expect(pages).toEqual(newestFirst);
  });

  it('are one, with what was said last, when an attempt attaches the same place again', async () => {
    const held = await running();
    const both = await Promise.all([1, 2].map((size) => attach(held, { ...report, size })));
    expect(both[0]).toEqual(both[1]);
    const { asset } = await attach(held, { ...report, type: 'final', size: 3, metadata: { n: 1 } });
    expect(asset).toMatchObject({ id: both[0].asset.id, type: 'final', size: 3, metadata: { n: 1 } });
    expect((await list(held.taskId)).nodes).toEqual([asset]);
    // Another attempt's is another one.
    await wim.act('releaseTask', { ...held });
    const { tasks } = await wim.claim({ workerId: held.workerId, start: true });
    expect(tasks).toMatchObject([{ id: held.taskId, attempt: 2 }]);
    await attach({ ...held, attempt: 2 }, report);
    expect((await list(held.taskId)).nodes).toMatchObject([{ attempt: 2 }, { attempt: 1 }]);
  });

  it('are refused from whoever does not hold the attempt, and change nothing', async () => {
    const claimed = await running('CLAIMED');
    expect(await attach(claimed, report)).toMatchObject({
      __typename: 'InvalidTransition',
      from: 'CLAIMED',
      detail: expect.stringContaining('given an asset'),
    });
    const completed = await running('COMPLETED');
    expect(await attach(completed, report)).toMatchObject({ __typename: 'InvalidTransition' });
    const held = await running();
    expect(await attach({ ...held, attempt: 2 }, report)).toMatchObject({
      __typename: 'StaleAttempt',
      currentAttempt: 1,
    });
    const { workerId } = await running();
    expect(await attach({ ...held, workerId }, report)).toMatchObject({ __typename: 'StaleAttempt' });
    await mia.act('cancelTask', { taskId: held.taskId });
    expect(await attach(held, report)).toMatchObject({ __typename: 'StaleAttempt' });
    const nothing = { ...held, taskId: 'task_01h455vb4pex5vsknk084sn02q' };
    expect(await attach(nothing, report)).toMatchObject({ __typename: 'TaskNotFound' });
    for (const { taskId } of [claimed, completed, held]) expect((await list(taskId)).nodes).toEqual([]);
  });

  it('race the end of their attempt, and are never attached after it', async () => {
    const held = await running();
    const urls = Array.from({ length: 20 }, (_, n) => `https://files.example/${n}`);
    const answers = urls.map(async (url) => (await attach(held, { type: 'file', url })).__typename);
    const completed = wim.act('completeTask', { ...held });
    answers.push(
      ...urls.map(async (url) => (await attach(held, { type: 'file', url: `${url}/2` })).__typename),
    );
    expect(await completed).toMatchObject({ __typename: 'TaskSuccess' });
    const told = await Promise.all(answers);
    expect(new Set([...told, 'InvalidTransition', 'AttachAssetSuccess'])).toEqual(
      new Set(['InvalidTransition', 'AttachAssetSuccess']),
    );
    const successes = told.filter((answer) => answer === 'AttachAssetSuccess').length;
    expect((await list(held.taskId)).nodes).toHaveLength(successes);
    expect(await attach(held, report)).toMatchObject({ __typename: 'InvalidTransition' });
  });

  it('can have a URL and a storage path', async () => {
    const held = await running();
    const { asset } = await attach(held, { ...report, storagePath: 'a/b' });
    expect(asset).toMatchObject({ url: report.url, storagePath: 'a/b' });
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['no place', { type: 'x' }, []],
    ['a URL that runs what it carries', { type: 'x', url: 'javascript:alert(1)' }, ['url']],
    ['a URL that is its own content', { type: 'x', url: 'data:text/html,x' }, ['url']],
    ['a scheme that is not allowed', { type: 'x', url: 'ftp://files.example/a' }, ['url']],
    ['a URL with a scheme in disguise', { type: 'x', url: ' java\nscript:alert(1)' }, ['url']],
    ['no absolute URL', { type: 'x', url: '//files.example/a' }, ['url']],
    ['a URL with a password', { type: 'x', url: 'https://me:secret@files.example/a' }, ['url']],
    ['a URL that is too long', { type: 'x', url: `https://files.example/${'a'.repeat(2_048)}` }, ['url']],
    ['a path of too many bytes', { type: 'x', storagePath: 'ü'.repeat(1_025) }, ['storagePath']],
    ['an empty path', { type: 'x', storagePath: '' }, ['storagePath']],
    ['a path with U+0000', { type: 'x', storagePath: 'a\0' }, ['storagePath']],
    ['no type', { ...report, type: '' }, ['type']],
    ['a negative size', { ...report, size: -1 }, ['size']],
    ['metadata that is no object', { ...report, metadata: [1] }, ['metadata']],
    ['metadata that is too large', { ...report, metadata: { a: 'a'.repeat(16_384) } }, ['metadata']],
  ])('with %s are refused', async (_what, asset, path) => {
    const held = await running();
    expect(await attach(held, asset)).toMatchObject({ __typename: 'InvalidInput', issues: [{ path }] });
    expect((await list(held.taskId)).nodes).toEqual([]);
  });

  it('of half a byte are no Long', async () => {
    const held = await running();
    await expect(attach(held, { ...report, size: 1.5 })).rejects.toThrow('A Long is a whole number');
    expect((await list(held.taskId)).nodes).toEqual([]);
  });
});

describe('the assets of one task', () => {
  it('are bounded in number; what is there already can still be corrected', async () => {
    const testStore = await createTestStore('pglite');
    try {
      const { held } = await testStore.taskIn('RUNNING');
      const asset = { type: 'x', isUrl: false, storagePath: null, size: null, metadata: {} };
      const attach = (n: number) => testStore.store.attachAsset({ ...held, ...asset, location: `${n}` });
      const answers = await Promise.all(Array.from({ length: 1_002 }, (_, n) => attach(n)));
      expect(answers.filter((answer) => answer === 'full')).toHaveLength(2);
      expect(answers.slice(0, 1_000).every((answer) => answer !== null && answer !== 'full')).toBe(true);
      expect(await attach(7)).toMatchObject({ location: '7' });
      expect(await attach(1_001)).toBe('full');
    } finally {
      await testStore.close();
    }
  });
});
