import { type DateRange, earliest, latest, parseDateRange } from "./date-range.ts";

/**
 * Reads the stretches of time of an element that a date parameter may lead to: date, dateTime, instant, Period and
 * Timing (its events, and the bounds of its repetition). A period without an end lasts for ever.
 * See https://hl7.org/fhir/R4/search.html#date
 */
export function readDates(element: unknown, take: (range: DateRange) => void): void {
  if (typeof element === "string") {
    const range = parseDateRange(element);
    if (range) take(range);
    return;
  }
  if (typeof element !== "object" || element === null) return;
  const { start, end, event, repeat } = element as Record<string, unknown>;
  if (start !== undefined || end !== undefined) readPeriod(start, end, take);
  if (Array.isArray(event)) for (const moment of event) readDates(moment, take);
  if (typeof repeat === "object" && repeat !== null)
    readDates((repeat as Record<string, unknown>)["boundsPeriod"], take);
}

function readPeriod(start: unknown, end: unknown, take: (range: DateRange) => void): void {
  const from = typeof start === "string" ? parseDateRange(start) : undefined;
  const to = typeof end === "string" ? parseDateRange(end) : undefined;
  if (from || to) take({ low: from?.low ?? earliest, high: to?.high ?? latest });
}
