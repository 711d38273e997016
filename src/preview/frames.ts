/**
 * The empty documents that mails are set into: the page fills one in again at each change, so that it keeps its place.
 * No script runs in them, by the sandbox and by these policies; `bare` loads no picture.
 */
const policies: Record<string, string> = {
  mail: `default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: http: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
  bare: `default-src 'none'; style-src 'unsafe-inline'; img-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
};

export function frame(kind: string): { html: string; policy: string } | undefined {
  const policy = policies[kind];
  return policy === undefined
    ? undefined
    : { policy, html: '<!DOCTYPE html><html><head><title>An issue</title></head><body></body></html>' };
}
