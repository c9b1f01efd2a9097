import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createClientAddress, type TrustedProxies } from '../../src/server/client-address.ts';

function addressOf(trusted: TrustedProxies, remoteAddress: string | undefined, forwarded?: string): string {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return createClientAddress(trusted)({ headers, socket: { remoteAddress } } as unknown as IncomingMessage);
}

const PROXIES = ['10.0.0.0/8', 'fd00::/8', '192.0.2.7'];

describe('the address of a client', () => {
  it.each([
    ['the connection, when nobody is trusted', [], '10.0.0.1', '1.2.3.4', '10.0.0.1'],
    ['the connection, when it comes straight', PROXIES, '1.2.3.4', '5.6.7.8', '1.2.3.4'],
    ['what the trusted proxy says', PROXIES, '10.0.0.1', '1.2.3.4', '1.2.3.4'],
    ['what the trusted proxy says, not what it was told', PROXIES, '10.0.0.1', '6.6.6.6, 1.2.3.4', '1.2.3.4'],
    ['behind two trusted proxies', PROXIES, '10.0.0.1', '6.6.6.6, 1.2.3.4, 10.9.9.9', '1.2.3.4'],
    ['behind a trusted proxy of one address', PROXIES, '192.0.2.7', '1.2.3.4', '1.2.3.4'],
    ['not behind the neighbour of that', PROXIES, '192.0.2.8', '1.2.3.4', '192.0.2.8'],
    ['behind a proxy over IPv6', PROXIES, 'fd00::1', '1.2.3.4', '1.2.3.4'],
    ['behind a proxy over IPv4 in IPv6', PROXIES, '::ffff:10.0.0.1', '1.2.3.4', '1.2.3.4'],
    ['the proxy, when it says nothing', PROXIES, '10.0.0.1', undefined, '10.0.0.1'],
    ['the proxy, when it says nonsense', PROXIES, '10.0.0.1', 'unknown', '10.0.0.1'],
    ['the last proxy that makes sense', PROXIES, '10.0.0.1', 'nonsense, 10.0.0.2', '10.0.0.2'],
    ['as many hops back as there are proxies', 1, '1.1.1.1', '6.6.6.6, 1.2.3.4', '1.2.3.4'],
    ['two hops back', 2, '1.1.1.1', '6.6.6.6, 1.2.3.4, 9.9.9.9', '1.2.3.4'],
    ['the first, when there are fewer hops', 3, '1.1.1.1', '1.2.3.4', '1.2.3.4'],
    ['without the port that a proxy adds', 1, '1.1.1.1', '1.2.3.4:5678', '1.2.3.4'],
    ['of IPv6 the network of a subscriber', 1, '1.1.1.1', '[2001:db8:1:2:3:4:5:6]:99', '2001:db8:1:2::/64'],
    ['of IPv6 the network, however written', [], '2001:DB8:1:2::9', undefined, '2001:db8:1:2::/64'],
    ['none, when the connection is gone', [], undefined, undefined, 'unknown'],
  ] as const)('is %s', (_what, trusted, remote, forwarded, expected) => {
    expect(addressOf(trusted, remote, forwarded)).toBe(expected);
  });
});
