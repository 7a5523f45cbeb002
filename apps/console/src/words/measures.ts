import type { Language } from "./spoken.ts";

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** The largest unit that fits comes first. */
const units: readonly (readonly [unit: "day" | "hour" | "minute" | "second", ms: number])[] = [
  ["day", dayMs],
  ["hour", hourMs],
  ["minute", minuteMs],
  ["second", secondMs],
];

/** `3 minutes ago`, in words of the language. */
export function agoText(language: Language, time: number, now: number): string {
  const [unit, ms] = unitOf(now - time);
  const amount = Math.trunc((time - now) / ms);
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(amount, unit);
}

/** `3 min`: how long something lasts or lags. */
export function durationText(language: Language, lengthMs: number): string {
  if (lengthMs < secondMs) return `${new Intl.NumberFormat(language).format(Math.round(lengthMs))} ms`;
  const [unit, ms] = unitOf(lengthMs);
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: 0,
  }).format(lengthMs / ms);
}

/** How the languages write the unit that no number format writes shortly. */
const byteUnit: Readonly<Record<Language, string>> = { en: "B", fr: "o" };

/** `1.2 MB`: an amount of data. */
export function bytesText(language: Language, bytes: number): string {
  const names = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
  const step = bytes < 1 ? 0 : Math.min(names.length - 1, Math.floor(Math.log10(bytes) / 3));
  if (step === 0) return `${new Intl.NumberFormat(language).format(bytes)} ${byteUnit[language]}`;
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: names[step] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: bytes / 1_000 ** step < 10 ? 1 : 0,
  }).format(bytes / 1_000 ** step);
}

/** `12 Mar 2031, 14:05:09`: a point in time, in the reader's zone. */
export function timeText(language: Language, time: number): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" }).format(time);
}

function unitOf(lengthMs: number): readonly ["day" | "hour" | "minute" | "second", number] {
  return units.find(([, ms]) => Math.abs(lengthMs) >= ms) ?? ["second", secondMs];
}
