/** Writes a moment as every atomfeed client reads it: UTC, to the second. */
export function formatAtomDate(moment: number): string {
  return `${new Date(Math.floor(moment / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

/**
 * Reads an Atom date (RFC 3339) with any number of fraction digits, of which three count; `undefined` for anything else.
 *
 * A date without a zone is taken as UTC.
 */
export function parseAtomDate(text: string): number | undefined {
  const found = datePattern.exec(text.trim());
  if (!found) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone, sign, zoneHours, zoneMinutes] = found;
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const isRealDay = new Date(date).getUTCMonth() === Number(month) - 1;
  if (!isRealDay || Number(hour) > 24 || Number(minute) > 59 || Number(second ?? 0) > 60) return undefined;
  const clock = (Number(hour) * 60 + Number(minute)) * 60_000 + Number(second ?? 0) * 1000;
  const thousandths = Number((fraction ?? "").slice(0, 3).padEnd(3, "0"));
  const offset = zone && sign ? (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === "-" ? -60_000 : 60_000) : 0;
  return date + clock + thousandths - offset;
}

const datePattern =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?(Z|z|([+-])(\d\d):?(\d\d))?$/;
