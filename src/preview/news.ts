/** What changed, told to every page that listens (server-sent events). */
export interface News {
  /** @param path the one draft that changed; without it, anything may have. */
  tell(path?: string): void;
  /** A page's stream; it ends with the page, or with the desk. */
  listen(signal: AbortSignal): ReadableStream<Uint8Array>;
  close(): void;
}

export function openNews(): News {
  const encoder = new TextEncoder();
  const listeners = new Set<ReadableStreamDefaultController<Uint8Array>>();
  let revision = 0;
  const send = (listener: ReadableStreamDefaultController<Uint8Array>, name: string, path?: string) =>
    listener.enqueue(encoder.encode(`event: ${name}\ndata: ${JSON.stringify({ revision, path })}\n\n`));
  return {
    tell(path) {
      revision++;
      for (const listener of listeners) send(listener, 'change', path);
    },
    listen(signal) {
      let mine: ReadableStreamDefaultController<Uint8Array>;
      return new ReadableStream({
        start(listener) {
          mine = listener;
          listeners.add(listener);
          signal.addEventListener('abort', () => listeners.delete(listener) && listener.close(), {
            once: true,
          });
          send(listener, 'hello');
        },
        cancel() {
          listeners.delete(mine);
        },
      });
    },
    close() {
      for (const listener of listeners) listener.close();
      listeners.clear();
    },
  };
}
