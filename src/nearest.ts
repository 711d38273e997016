/** The word of `words` that takes the fewest changed characters to become `typed` (Levenshtein). */
export function nearest(typed: string, words: string[]): string {
  const wanted = typed.slice(0, 40).toLowerCase();
  return (
    words.toSorted((a, b) => distance(wanted, a.toLowerCase()) - distance(wanted, b.toLowerCase()))[0] ?? ''
  );
}

export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(
        (row[j] as number) + 1,
        (next[j - 1] as number) + 1,
        (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    }
    row = next;
  }
  return row[b.length] as number;
}
