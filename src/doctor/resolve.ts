/** What the DNS says to one question. `unclear`: nothing now (no answer, SERVFAIL), which is not that there is none. */
export type Answer<Value> =
  | { kind: 'found'; values: Value[] }
  | { kind: 'none' }
  | { kind: 'unclear'; why: string };

/** A host that takes mail; `exchange` is '' where a domain says that it takes none (RFC 7505). */
export interface MailExchange {
  exchange: string;
  priority: number;
}

/** Questions to the DNS. Names are ASCII without a dot at the end; never throws for what the DNS says. */
export interface Resolve {
  /** Each record with its strings joined (RFC 7208, 3.3). */
  txt(name: string): Promise<Answer<string>>;
  /** The most preferred first. */
  mx(name: string): Promise<Answer<MailExchange>>;
  /** IPv4 and IPv6. */
  addresses(name: string): Promise<Answer<string>>;
  /** The names of an address (PTR). */
  reverse(address: string): Promise<Answer<string>>;
}
