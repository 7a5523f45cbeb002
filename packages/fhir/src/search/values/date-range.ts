/** A stretch of time: from `low`, up to but not including `high`, in milliseconds since 1970. */
export interface DateRange {
  readonly low: number;
  readonly high: number;
}

/** Where time begins and ends for a period without a start or an end. */
export const earliest = -8_640_000_000_000_000;
export const latest = 8_640_000_000_000_000;

const pattern =
  /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(?:T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d|60)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;
const minute = 60_000;

/**
 * The stretch of time that a date, dateTime or instant names: `2024-03` is the whole month. `undefined` when it is none
 * of them. A time without a zone is in UTC. See https://hl7.org/fhir/R4/search.html#date
 */
export function parseDateRange(text: string): DateRange | undefined {
  const found = pattern.exec(text);
  if (!found) return undefined;
  const [, years, months, days, hours, minutes, seconds, fraction, zone] = found;
  const year = Number(years);
  if (months === undefined) return { low: utc(year, 0), high: utc(year + 1, 0) };
  const month = Number(months) - 1;
  if (days === undefined) return { low: utc(year, month), high: utc(year, month + 1) };
  const day = Number(days);
  if (day > 28 && day > new Date(utc(year, month + 1, 0)).getUTCDate()) return undefined;
  if (hours === undefined) return { low: utc(year, month, day), high: utc(year, month, day + 1) };
  const offset = zoneOffset(zone);
  if (offset === undefined) return undefined;
  const toMinute = utc(year, month, day) + (Number(hours) * 60 + Number(minutes) - offset) * minute;
  if (seconds === undefined) return { low: toMinute, high: toMinute + minute };
  const toSecond = toMinute + Number(seconds) * 1000;
  if (fraction === undefined) return { low: toSecond, high: toSecond + 1000 };
  const instant = toSecond + Number(fraction.slice(0, 3).padEnd(3, "0"));
  return { low: instant, high: instant + 10 ** Math.max(0, 3 - fraction.length) };
}

function zoneOffset(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4));
  if (minutes > 14 * 60) return undefined;
  return zone.startsWith("-") ? -minutes : minutes;
}

function utc(year: number, month: number, day = 1): number {
  if (year >= 100) return Date.UTC(year, month, day);
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date.getTime();
}
