const yearFirst =
  /^(\d{4})[-/](\d\d?)[-/](\d\d?)(?:[T ]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,3})\d*)?)? ?(?:Z|UTC|GMT|([+-])(\d\d):?(\d\d))?(?: [A-Z+\-0-9]{1,6})?)?$/;

const monthFirst = /^(\d\d?)\/(\d\d?)\/(\d{4})(?: (\d\d?):(\d\d)(?::(\d\d))?)?$/;

/** No newsletter went out before. */
const earliest = Date.UTC(1990, 0, 1);

/**
 * A time of a list → ISO 8601 UTC: `2024-01-15`, `2024-01-15 10:00:00` (UTC where it says nothing), with an offset, as
 * ISO 8601 or as Go writes it (`2024-01-15 10:00:00.5 +0530 IST`).
 *
 * @param given.now ISO 8601 UTC; what is later than this is no time at which somebody joined.
 * @param given.isMonthFirst whether `01/15/2024 10:00` is read too; of other files nobody can tell the day from the
 * month.
 * @returns `undefined` where it is none.
 */
export function parseListTime(
  typed: string,
  given: { now: string; isMonthFirst: boolean },
): string | undefined {
  const time = millisecondsOf(typed.trim(), given.isMonthFirst);
  if (time === undefined || time < earliest || time > Date.parse(given.now)) return undefined;
  return new Date(time).toISOString();
}

function millisecondsOf(text: string, isMonthFirst: boolean): number | undefined {
  if (text.length < 8 || text.length > 50) return undefined;
  const match = yearFirst.exec(text);
  if (match) {
    const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHours, offsetMinutes] = match;
    const utc = utcOf([year, month, day, hour, minute, second], Number(fraction.padEnd(3, '0')));
    if (utc === undefined || sign === undefined) return utc;
    const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
    return sign === '+' ? utc - offset : utc + offset;
  }
  const [, month, day, year, hour, minute, second] = (isMonthFirst && monthFirst.exec(text)) || [];
  return year === undefined ? undefined : utcOf([year, month, day, hour, minute, second], 0);
}

function utcOf(parts: (string | undefined)[], millisecond: number): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    Number(part ?? 0),
  );
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const time = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
  // 31 February would be a day in March.
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day && month >= 1 && month <= 12
    ? time
    : undefined;
}
