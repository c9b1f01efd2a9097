/**
 * Which addresses a webhook may be delivered to. What is not out on the public Internet is refused, so that nobody can
 * use the server to reach what stands beside it: this machine, its network, the metadata service of a cloud.
 */
import { lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The address must not be delivered to. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/**
 * Services of clouds for their machines that have an address of the public Internet; the others are link-local or of
 * private networks anyway. Azure: 168.63.129.16.
 */
const METADATA = new Set(['168.63.129.16']);

/** What is given out to networks; everything else of IPv6 is reserved, or carries an address of IPv4. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];
/** For documentation (RFC 9637). */
const EXAMPLES_IPV6 = ipaddr.parseCIDR('3fff::/20') as [ipaddr.IPv6, number];

/** Whether the address is out on the public Internet. @internal */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // process() turns an IPv4 address that is mapped into IPv6 into what it is.
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv6
    ? parsed.match(GLOBAL_IPV6) && !parsed.match(EXAMPLES_IPV6)
    : !METADATA.has(parsed.toString());
}

/**
 * Checks what a name resolves to in the moment of connecting: what the name resolved to before, or will, means nothing.
 * One address that is refused refuses all of them.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0);
    const refused = addresses.find(({ address }) => !isPublic(address));
    if (refused) return callback(refusal(hostname), '', 0);
    const [first] = addresses;
    if (options.all) return callback(null, addresses as never, 0);
    callback(null, first?.address ?? '', first?.family ?? 0);
  });
};

/** An address that stands in the URL itself is never looked up. @throws AddressRefused */
export function checkLiteral(url: string): void {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(host) && !isPublic(host)) throw refusal(host);
}

function refusal(host: string): AddressRefused {
  return new AddressRefused(
    `${host} is an address of a private network, which webhooks may not reach. SIGNALBOX_WEBHOOK_ALLOW_PRIVATE allows it.`,
  );
}
