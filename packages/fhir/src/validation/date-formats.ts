/** Tells whether a text is a date of one of three precisions, and of a day that exists. */
export function isDate(text: string): boolean {
  return datePattern.test(text) && existsInCalendar(text);
}

/** Tells whether a text is a date, or a date and time with seconds and time zone. */
export function isDateTime(text: string): boolean {
  return text.length <= "YYYY-MM-DD".length ? isDate(text) : isInstant(text);
}

/** Tells whether a text is a date and time with seconds and time zone. */
export function isInstant(text: string): boolean {
  return instantPattern.test(text) && existsInCalendar(text);
}

/** Tells whether a text is a time of day with seconds. */
export function isTime(text: string): boolean {
  return timePattern.test(text);
}

// NOTE: The year 0000 is no year; 60 is the leap second. Offsets end at 14:00.
const time = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\\.[0-9]+)?";
const zone = "(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))";
const month = "(?:0[1-9]|1[0-2])";
const day = "(?:0[1-9]|[12][0-9]|3[01])";
const year = "(?!0000)[0-9]{4}";
const datePattern = new RegExp(`^${year}(?:-${month}(?:-${day})?)?$`);
const instantPattern = new RegExp(`^${year}-${month}-${day}T${time}${zone}$`);
const timePattern = new RegExp(`^${time}$`);

function existsInCalendar(text: string): boolean {
  if (text.length < "YYYY-MM-DD".length) return true;
  const day = digitsAt(text, 8);
  if (day <= 28) return true;
  const month = digitsAt(text, 5);
  if (month === 2) return day === 29 && isLeapYear(digitsAt(text, 0) * 100 + digitsAt(text, 2));
  return day <= 30 || (month !== 4 && month !== 6 && month !== 9 && month !== 11);
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function digitsAt(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}
