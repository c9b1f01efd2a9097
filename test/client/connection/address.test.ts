import { describe, expect, it } from 'vitest';
import { addressOf } from '../../../src/client/connection/address.ts';

describe('the addresses of a server', () => {
  it.each([
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000/graphql', 'ws://127.0.0.1:4000/graphql'],
    ['http://127.0.0.1:4000/', 'http://127.0.0.1:4000/graphql', 'ws://127.0.0.1:4000/graphql'],
    ['https://jobs.example', 'https://jobs.example/graphql', 'wss://jobs.example/graphql'],
    ['https://example.com/jobs/', 'https://example.com/jobs/graphql', 'wss://example.com/jobs/graphql'],
    ['http://localhost:4000/graphql', 'http://localhost:4000/graphql', 'ws://localhost:4000/graphql'],
    ['ws://localhost:4000/graphql', 'http://localhost:4000/graphql', 'ws://localhost:4000/graphql'],
  ])('%s', (given, http, socket) => {
    expect(addressOf(given)).toEqual({ http, socket });
  });

  it.each(['', 'localhost', 'ftp://example.com', '/graphql'])('refuses %j', (given) => {
    expect(() => addressOf(given)).toThrow(TypeError);
  });
});
