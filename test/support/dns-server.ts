import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import * as dns from 'dns-packet';

/** What a name has: records by type; or how a server fails that is asked for it. */
export type Zone = Record<string, Records | Failure>;
export type Failure = 'SERVFAIL' | 'REFUSED' | 'silent';
export interface Records {
  /** A record is a string, or its strings. */
  TXT?: (string | Buffer | (string | Buffer)[])[] | Failure;
  MX?: [priority: number, exchange: string][] | Failure;
  A?: string[] | Failure;
  AAAA?: string[] | Failure;
  PTR?: string[] | Failure;
}

export interface DnsServer {
  /** `127.0.0.1:53535`. */
  address: string;
  /** May be changed at any time. A name that is not in it does not exist. */
  zone: Zone;
  /** What was asked, in order: `TXT example.org`. */
  asked: string[];
  close(): Promise<void>;
}

/** RFC 1035, 4.1.1. */
const codes = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 };
/** What fits into one datagram, as resolvers ask for it today; more goes by TCP. */
const mostOctets = 1232;

/** A real DNS server on 127.0.0.1, by UDP and TCP. */
export async function openDnsServer(zone: Zone = {}): Promise<DnsServer> {
  const tcp = createServer();
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket('udp4');
  const sockets = new Set<Socket>();
  const server: DnsServer = {
    address: `127.0.0.1:${port}`,
    zone,
    asked: [],
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([
        new Promise((closed) => tcp.close(closed)),
        new Promise<void>((closed) => udp.close(closed)),
      ]);
    },
  };
  udp.on('message', (bytes, { port: from, address }) => {
    const answer = answered(server, dns.decode(bytes));
    if (!answer) return;
    const whole = dns.encode(answer);
    const cut = { ...answer, answers: [], flags: (answer.flags ?? 0) | dns.TRUNCATED_RESPONSE };
    udp.send(whole.length > mostOctets ? dns.encode(cut) : whole, from, address);
  });
  tcp.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    let bytes = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= 2 && bytes.length >= 2 + bytes.readUInt16BE(0)) {
        const length = 2 + bytes.readUInt16BE(0);
        const answer = answered(server, dns.decode(bytes.subarray(2, length)));
        bytes = bytes.subarray(length);
        if (answer) socket.write(dns.streamEncode(answer));
      }
    });
  });
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');
  return server;
}

function answered(server: DnsServer, { id, questions = [] }: dns.Packet): dns.Packet | undefined {
  const [question] = questions;
  if (!question) return undefined;
  const { type, name } = question;
  server.asked.push(`${type} ${name}`);
  const packet = (code: number, answers: dns.Answer[] = []): dns.Packet => ({
    type: 'response',
    id: id ?? 0,
    flags: dns.RECURSION_DESIRED | dns.RECURSION_AVAILABLE | code,
    questions,
    answers,
  });
  const found = server.zone[name.toLowerCase()];
  if (found === undefined) return packet(codes.NXDOMAIN);
  const records = typeof found === 'string' ? found : (found[type as keyof Records] ?? []);
  if (records === 'silent') return undefined;
  if (typeof records === 'string') return packet(codes[records]);
  return packet(
    0,
    records.map((value) => ({ type, name, class: 'IN', ttl: 60, data: shaped(type, value) }) as dns.Answer),
  );
}

function shaped(type: string, value: unknown): unknown {
  if (type !== 'MX') return type === 'TXT' && typeof value === 'string' ? strings(value) : value;
  const [preference, exchange] = value as [number, string];
  return { preference, exchange };
}

/** Of 255 octets each, as a zone has a long text. */
function strings(text: string): string[] {
  return text.match(/[\s\S]{1,255}/g) ?? [''];
}
