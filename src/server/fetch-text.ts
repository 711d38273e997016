const longestText = 64 * 1024;
const timeoutMs = 10_000;

/**
 * The text at an address that was vetted before.
 * @throws where there is no answer in time, none of 2xx, a redirect, or more than a certificate is long.
 */
export async function fetchText(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  if (!answer.ok) throw new Error(`${new URL(url).hostname} answered ${answer.status}`);
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > longestText) throw new Error(`${new URL(url).hostname} answered too much`);
  }
  return text;
}
