import { BlockList, isIPv4 } from 'node:net';

/** Special-purpose addresses (RFC 6890 and its registries): of this machine, of private networks, of the metadata services of clouds (that of Azure has a public one). */
const FORBIDDEN_V4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '168.63.129.16/32', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24',
  '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
];
/** Of IPv6 only what is given out for the whole net is public (2000::/3), without what tunnels or documents. */
const PUBLIC_V6 = '2000::/3';
const FORBIDDEN_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const forbidden4 = listOf(FORBIDDEN_V4, 'ipv4');
const public6 = listOf([PUBLIC_V6], 'ipv6');
const forbidden6 = listOf(FORBIDDEN_V6, 'ipv6');
/** The last four bytes are those of an IPv4 address: mapped, and behind a NAT64. */
const mapped = listOf(['::ffff:0:0/96', '64:ff9b::/96'], 'ipv6');

function listOf(subnets: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [net = '', bits] = subnet.split('/');
    list.addSubnet(net, Number(bits), family);
  }
  return list;
}

/** Whether an address is one that a webhook must not reach unless it was allowed. Source: S24. */
export function isPrivate(address: string): boolean {
  if (isIPv4(address)) return forbidden4.check(address, 'ipv4');
  const [plain = ''] = address.split('%');
  if (mapped.check(plain, 'ipv6')) return forbidden4.check(lastFourBytes(plain), 'ipv4');
  return !public6.check(plain, 'ipv6') || forbidden6.check(plain, 'ipv6');
}

function lastFourBytes(address: string): string {
  const dotted = /[\d.]+$/.exec(address)?.[0] ?? '';
  if (isIPv4(dotted)) return dotted;
  // As a URL writes it: two groups of hex digits, `::` among them.
  const [high = '', low = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':').slice(-2);
  const bytes = (group: string): readonly number[] => [Number.parseInt(group || '0', 16) >> 8, Number.parseInt(group || '0', 16) & 0xff];
  return [...bytes(high), ...bytes(low)].join('.');
}
