/** A parent that asks for a longer pause is asked again after this: a wrong clock must not silence a clinic for days. */
const retryAfterMaxMs = 3_600_000;

/**
 * How long an answer asks to wait, in milliseconds: `Retry-After` in seconds, or as a date, which is read against the
 * answer's own `Date`, since the two clocks may differ. `undefined` when it does not say. See RFC 9110 §10.2.3
 */
export function retryAfterMs(headers: Readonly<Record<string, string | undefined>>, now: number): number | undefined {
  const text = headers["retry-after"]?.trim();
  if (!text) return undefined;
  if (/^\d{1,9}$/.test(text)) return Math.min(retryAfterMaxMs, Number(text) * 1_000);
  const until = Date.parse(text);
  if (Number.isNaN(until)) return undefined;
  const there = Date.parse(headers["date"] ?? "");
  return Math.min(retryAfterMaxMs, Math.max(0, until - (Number.isNaN(there) ? now : there)));
}
