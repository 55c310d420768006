import { lookup } from "node:dns"
import { BlockList, isIP, type LookupFunction } from "node:net"
import { LadingError } from "@lading/core"

/**
 * Ranges that lead into one's own network (IANA special-purpose registries): this host, loopback, private, carrier-grade NAT, link-local
 * with the clouds' metadata services, benchmarking, multicast, reserved, and their counterparts in IPv6 with its translation prefixes.
 */
const ranges: readonly (readonly [network: string, prefix: number])[] = [
  ...([
    ["0.0.0.0", 8],
    ["10.0.0.0", 8],
    ["100.64.0.0", 10],
    ["127.0.0.0", 8],
    ["169.254.0.0", 16],
    ["172.16.0.0", 12],
  ] as const),
  ...([
    ["192.0.0.0", 24],
    ["192.168.0.0", 16],
    ["198.18.0.0", 15],
    ["224.0.0.0", 4],
    ["240.0.0.0", 4],
  ] as const),
  ...([
    ["::", 128],
    ["::1", 128],
    ["64:ff9b::", 96],
    ["64:ff9b:1::", 48],
    ["2002::", 16],
    ["fc00::", 7],
    ["fe80::", 10],
  ] as const),
  ...([
    ["fec0::", 10],
    ["ff00::", 8],
    ["::", 96],
  ] as const),
]

const refused = new BlockList()
for (const [network, prefix] of ranges) refused.addSubnet(network, prefix, network.includes(":") ? "ipv6" : "ipv4")

/** Whether an IP address leads into one's own network; IPv4 in IPv6 form counts as IPv4. */
export function isPrivateAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "")
  const family = isIP(bare)
  return family !== 0 && refused.check(bare, family === 6 ? "ipv6" : "ipv4")
}

/** Refuses an address of a URL that is private as it stands; names are looked at when they are resolved. */
export function checkHost(url: URL, address: string): void {
  if (isPrivateAddress(url.hostname) || /(?:^|\.)localhost\.?$/i.test(url.hostname)) throw refusedError(address)
}

/** The platform's name resolution, but for names that lead to a private address; asked at each connection, so that a name cannot change its mind. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error !== null) return callback(error, [])
    if (found.some(({ address }) => isPrivateAddress(address))) return callback(refusedError(hostname), [])
    const [first] = found
    if (options.all === true || first === undefined) return callback(null, found)
    callback(null, first.address, first.family)
  })
}

function refusedError(address: string): LadingError {
  return new LadingError({
    code: "http-address-refused",
    message: `${address} leads into a private network`,
    hint: "check the address; allowPrivateAddresses: true reads APIs on this machine or in this network",
    details: { address },
  })
}
