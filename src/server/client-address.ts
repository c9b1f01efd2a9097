/** Where a request comes from, as far as that can be trusted. */
import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';

/**
 * Whose X-Forwarded-For counts: so many proxies in front of this server, or the networks that they are in. None: the
 * address of the connection counts alone.
 */
export type TrustedProxies = number | readonly string[];

/** The address of the client: for IPv6 its network of 64 bits, which is what one subscriber has. */
export type ClientAddress = (request: IncomingMessage) => string;

// More hops than anybody has: what comes before them is not looked at.
const MAX_HOPS = 32;

export function createClientAddress(trusted: TrustedProxies): ClientAddress {
  const isTrusted = typeof trusted === 'number' ? byHops(trusted) : byNetworks(trusted);
  return (request) => {
    let address = parse(request.socket.remoteAddress ?? '');
    const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
    // Each proxy appends whom it was called by: read from the end for as long as the one who says so is trusted.
    for (let hop = 0; hop < Math.min(forwarded.length, MAX_HOPS) && isTrusted(address, hop); hop++) {
      const before = parse(forwarded[forwarded.length - 1 - hop]?.trim() ?? '');
      if (!before) break;
      address = before;
    }
    return address ? nameOf(address) : 'unknown';
  };
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type IsTrusted = (address: Address | undefined, hop: number) => boolean;

function byHops(count: number): IsTrusted {
  return (_address, hop) => hop < count;
}

function byNetworks(networks: readonly string[]): IsTrusted {
  const ranges = networks.map((network) =>
    network.includes('/') ? ipaddr.parseCIDR(network) : wholeAddress(network),
  );
  return (address) =>
    address !== undefined &&
    ranges.some((range) => range[0].kind() === address.kind() && address.match(range as never));
}

function wholeAddress(text: string): [Address, number] {
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** What was read of a text, where it is an address. To read one takes longer than all else that is asked of a request's sender. */
const known = new LRUCache<string, Address>({ max: 1_000 });

function parse(text: string): Address | undefined {
  const before = known.get(text);
  if (before) return before;
  const address = read(text);
  if (address) known.set(text, address);
  return address;
}

/** Also `1.2.3.4:5678` and `[::1]:5678`, as some proxies write; an IPv4 address in IPv6 clothes is an IPv4 address. */
function read(text: string): Address | undefined {
  const bare = /^\[(.*)\](:\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return ipaddr.IPv4.isValidFourPartDecimal(bare) || ipaddr.IPv6.isValid(bare)
    ? ipaddr.process(bare)
    : undefined;
}

function nameOf(address: Address): string {
  if (address.kind() === 'ipv4') return address.toString();
  const [a = 0, b = 0, c = 0, d = 0] = (address as ipaddr.IPv6).parts;
  return `${[a, b, c, d].map((part) => part.toString(16)).join(':')}::/64`;
}
