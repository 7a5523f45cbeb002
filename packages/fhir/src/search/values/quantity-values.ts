import { systemNumber } from "./token-values.ts";

/** A number, or a range of them, with its unit, as the index keeps it; an open end is infinite. */
export interface QuantityRange {
  readonly low: number;
  readonly high: number;
  readonly system: number;
  readonly code: string;
  /** The unit as people read it, where it differs from the code. */
  readonly unit: string | null;
}

const currencySystem = "urn:iso:std:iso:4217";
/** Stands for infinity, which JSON and SQL parameters do not carry alike. */
export const largest = Number.MAX_VALUE;

/**
 * Reads the quantities of an element that a quantity or number parameter may lead to: decimal, integer, Quantity (and
 * Age, Count, Distance, Duration), Money and Range. Units are not converted into each other.
 * See https://hl7.org/fhir/R4/search.html#quantity
 */
export function readQuantities(element: unknown, take: (quantity: QuantityRange) => void): void {
  if (typeof element === "number") take({ low: element, high: element, system: 0, code: "", unit: null });
  if (typeof element !== "object" || element === null) return;
  const { value, currency, low, high } = element as Record<string, unknown>;
  if (typeof value === "number") {
    const unit = typeof currency === "string" ? unitOf({ system: currencySystem, code: currency }) : unitOf(element);
    take({ ...boundsOf(value, element), ...unit });
  } else if (isObject(low) || isObject(high)) {
    const unit = unitOf(isObject(low) ? low : high!);
    take({ low: numberOf(low) ?? -largest, high: numberOf(high) ?? largest, ...unit });
  }
}

function boundsOf(value: number, { comparator }: { readonly comparator?: unknown }): { low: number; high: number } {
  if (comparator === "<" || comparator === "<=") return { low: -largest, high: value };
  if (comparator === ">" || comparator === ">=") return { low: value, high: largest };
  return { low: value, high: value };
}

function unitOf(element: { readonly system?: unknown; readonly code?: unknown; readonly unit?: unknown }) {
  const { system, code, unit } = element;
  if (typeof code !== "string") return { system: 0, code: typeof unit === "string" ? unit : "", unit: null };
  return { system: systemNumber(system), code, unit: typeof unit === "string" && unit !== code ? unit : null };
}

function numberOf(quantity: unknown): number | undefined {
  const value = isObject(quantity) ? quantity["value"] : undefined;
  return typeof value === "number" ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
