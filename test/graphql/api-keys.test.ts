/** createApiKey, apiKeys and revokeApiKey, as an ADMIN uses them. Who else may not is told by the table of access. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, Caller, PROBLEM, startApi } from '../support/api.ts';
import { availableDatabases } from '../support/database.ts';

const LIST = `query ($status: ApiKeyStatus, $first: Int, $after: String) {
  apiKeys(status: $status, first: $first, after: $after) {
    nodes { id name status } pageInfo { hasNextPage endCursor }
  }
}`;
const REVOKE = `mutation ($id: ID!) { revokeApiKey(id: $id) {
  ${PROBLEM} ... on RevokeApiKeySuccess { apiKey { id status revokedAt revokedBy } }
} }`;

describe.each(availableDatabases())('API keys on %s', (kind) => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi(kind);
  });
  afterAll(() => api?.close());

  it('are created with a secret that is shown once', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { secret, apiKey } = await api.admin.createKey({
      name: 'of the shop',
      role: 'MEMBER',
      rooms: ['a', 'b', 'a'],
      tier: 'solo',
      expiresAt,
    });
    expect(apiKey).toEqual({
      id: expect.stringMatching(/^key_[0-9a-z]{26}$/),
      name: 'of the shop',
      prefix: secret.slice(0, 11),
      role: 'MEMBER',
      rooms: ['a', 'b'],
      tier: 'solo',
      status: 'ACTIVE',
      createdBy: '@admin',
      createdAt: expect.any(String),
      expiresAt,
      revokedAt: null,
      revokedBy: null,
      lastUsedAt: null,
    });
    const node = await api.admin.ask(
      'query ($id: ID!) { node(id: $id) { id ... on ApiKey { name role rooms } } }',
      {
        id: apiKey.id,
      },
    );
    expect(node).toEqual({ id: apiKey.id, name: 'of the shop', role: 'MEMBER', rooms: ['a', 'b'] });
    const holder = new Caller(api.url, apiKey.id, secret);
    expect(await holder.ask('{ viewer { id role rooms } }')).toEqual({
      id: apiKey.id,
      role: 'MEMBER',
      rooms: ['a', 'b'],
    });
  });

  it.each([
    ['WORKER', undefined, null],
    ['ADMIN', undefined, null],
    ['MEMBER', undefined, null],
    ['USER', undefined, null],
    ['USER', 'free', 'free'],
    ['USER', 'unlimited', 'unlimited'],
  ])('of a %s with the tier %s are in the tier %s', async (role, tier, expected) => {
    const { apiKey } = await api.admin.createKey({ name: 'k', role, tier });
    expect(apiKey.tier).toBe(expected);
  });

  it.each([
    ['an empty name', { name: '' }, 'InvalidInput', 'name'],
    ['a name that is too long', { name: 'x'.repeat(201) }, 'InvalidInput', 'name'],
    ['a name that no database takes', { name: 'a\0b' }, 'InvalidInput', 'name'],
    ['a room that is none', { rooms: ['a', 'b:c'] }, 'InvalidRoomId', '"b:c" is no room id'],
    ['too many rooms', { rooms: Array.from({ length: 1_001 }, (_, n) => `r${n}`) }, 'InvalidInput', 'rooms'],
    ['no room', { rooms: [] }, 'InvalidInput', 'rooms: must name a room, or "*" for all: without one a USER'],
    ['a tier that there is not', { tier: 'gold' }, 'InvalidInput', 'use one of free, solo, team, unlimited'],
    [
      'a time that is over',
      { expiresAt: '2020-01-01T00:00:00.000Z' },
      'InvalidInput',
      'must be a time to come',
    ],
  ])('are not created with %s', async (_what, wrong, typename, detail) => {
    const refused = await api.admin.createKey({ name: 'k', role: 'USER', ...wrong });
    expect(refused.__typename).toBe(typename);
    expect(refused.detail).toContain(detail);
  });

  it('are listed newest first, by what they are', async () => {
    const names = ['first', 'second', 'third'];
    const ids: string[] = [];
    for (const name of names) ids.push((await api.admin.createKey({ name, role: 'USER' })).apiKey.id);
    const revoked = await api.admin.ask(REVOKE, { id: ids[1] });
    expect(revoked.apiKey).toEqual({
      id: ids[1],
      status: 'REVOKED',
      revokedAt: expect.any(String),
      revokedBy: '@admin',
    });
    const first = await api.admin.ask(LIST, { first: 2 });
    expect(first.nodes.map(({ name }: { name: string }) => name)).toEqual(['third', 'second']);
    const rest = await api.admin.ask(LIST, { first: 1, after: first.pageInfo.endCursor });
    expect(rest.nodes).toEqual([{ id: ids[0], name: 'first', status: 'ACTIVE' }]);
    const idsOf = async (status: string) =>
      (await api.admin.ask(LIST, { status })).nodes.map(({ id }: { id: string }) => id);
    expect(await idsOf('REVOKED')).toEqual([ids[1]]);
    expect(await idsOf('ACTIVE')).toEqual(expect.arrayContaining([ids[0], ids[2]]));
    expect(await idsOf('ACTIVE')).not.toContain(ids[1]);
    expect(await idsOf('EXPIRED')).toEqual([]);
  });

  it('are revoked once: again nothing changes', async () => {
    const { apiKey } = await api.admin.createKey({ name: 'k', role: 'USER' });
    const once = await api.admin.ask(REVOKE, { id: apiKey.id });
    const other = await api.caller('boss', 'ADMIN', []);
    expect(await other.ask(REVOKE, { id: apiKey.id })).toEqual(once);
  });

  it.each(['key_01h455vb4pex5vsknk084sn02q', 'job_01h455vb4pex5vsknk084sn02q', 'x', ''])(
    'that are not there are not found: %j',
    async (id) => {
      expect(await api.admin.ask(REVOKE, { id })).toMatchObject({
        __typename: 'ApiKeyNotFound',
        status: 404,
      });
    },
  );

  it('tell the audit log of their making and of their one revocation', async () => {
    const { apiKey } = await api.admin.createKey({ name: 'audited', role: 'MEMBER', rooms: ['a'] });
    for (const _twice of [1, 2]) await api.admin.send(REVOKE, { id: apiKey.id });
    const { nodes } = await api.admin.ask(
      '{ events(filter: { types: [API_KEY_CREATED, API_KEY_REVOKED] }, first: 100) { nodes { type severity actor payload } } }',
    );
    const own = nodes.filter(({ payload }: { payload: { name: string } }) => payload.name === 'audited');
    expect(own).toEqual([
      {
        type: 'API_KEY_REVOKED',
        severity: 'WARNING',
        actor: '@admin',
        payload: { name: 'audited', role: 'MEMBER' },
      },
      {
        type: 'API_KEY_CREATED',
        severity: 'INFO',
        actor: '@admin',
        payload: { name: 'audited', role: 'MEMBER', rooms: ['a'] },
      },
    ]);
  });
});
