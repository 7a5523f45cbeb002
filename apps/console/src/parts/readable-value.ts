import { Digits } from "../api/digits.ts";

/** Characters of one value that are shown in a line. */
const valueLengthMax = 300;

type Members = Readonly<Record<string, unknown>>;

/**
 * A FHIR value in one line as a person writes it: a name as a name, an amount with its unit, a coded concept by its words.
 * What has no such form comes back as JSON. Pure.
 */
export function readableValue(value: unknown): string {
  const text = lineOf(value);
  return text.length > valueLengthMax ? `${text.slice(0, valueLengthMax)}…` : text;
}

/** The record that a value refers to on this node, such as `Patient/123`, if it is a reference. */
export function referenceIn(value: unknown): string | undefined {
  const reference = isObject(value) ? value["reference"] : undefined;
  return typeof reference === "string" && /^[A-Z]\w*\/[\w.-]{1,64}$/.test(reference) ? reference : undefined;
}

function lineOf(value: unknown): string {
  if (value === undefined || value === null) return "–";
  if (Array.isArray(value)) return value.map(lineOf).join("; ");
  if (!isObject(value)) return String(value);
  for (const write of forms) {
    const text = write(value);
    if (text) return text;
  }
  return JSON.stringify(value);
}

/** How the common data types are written, by the members that tell them apart; a value with any other member is none of them. */
const forms: readonly DataForm[] = [
  form("use text family given prefix suffix period", ({ use, text, family, given, prefix, suffix }) => {
    if (!given && !family && !text) return "";
    const name = text && !family ? String(text) : words(prefix, given, family, suffix);
    return use && use !== "official" && use !== "usual" ? `${name} (${String(use)})` : name;
  }),
  form("coding text", ({ coding, text }) => (text ? String(text) : lineOf(coding))),
  form("use type text line city district state postalCode country period", (address) => {
    const { text, line, postalCode, city, district, state, country } = address;
    const written = [line, postalCode, city, district, state, country].flat().filter(Boolean).map(String);
    return written.join(", ") || String(text ?? "");
  }),
  form("reference type identifier display", ({ reference, identifier, display }) => {
    if (!reference && !identifier) return "";
    const target = reference ? String(reference) : lineOf(identifier);
    return display ? `${String(display)} (${target})` : target;
  }),
  form("system value use rank period", ({ system, value, use }) => {
    if (!value || !telecomSystems.has(String(system))) return "";
    return `${String(value)} (${[system, use].filter(Boolean).join(", ")})`;
  }),
  form("use type system value period assigner", ({ type, system, value }) => {
    if (typeof value !== "string") return "";
    const kind = type ? lineOf(type) : system ? lastPart(String(system)) : "";
    return kind ? `${value} (${kind})` : value;
  }),
  form("value comparator unit system code", ({ value, comparator, unit, code }) =>
    words(comparator, value, unit ?? code),
  ),
  form("numerator denominator", ({ numerator, denominator }) => `${lineOf(numerator)} / ${lineOf(denominator)}`),
  form("system version code display userSelected", ({ code, display }) => String(display ?? code ?? "")),
  form("start end", ({ start, end }) => `${String(start ?? "…")} – ${String(end ?? "…")}`),
  form("status div", ({ div }) => textOfMarkup(String(div ?? ""))),
  form("authorString authorReference time text", ({ text }) => String(text ?? "")),
];

type DataForm = (value: Members) => string;

function form(members: string, write: DataForm): DataForm {
  const known: ReadonlySet<string> = new Set(members.split(" "));
  return (value) => (Object.keys(value).every((member) => known.has(member)) ? write(value) : "");
}

const telecomSystems: ReadonlySet<string> = new Set(["phone", "fax", "email", "pager", "url", "sms", "other"]);

function textOfMarkup(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** `urn:oid:1.2` and `http://example.org/ids/nid` by what tells them apart. */
function lastPart(system: string): string {
  return system.split(/[/#]/).filter(Boolean).at(-1) ?? system;
}

function words(...parts: readonly unknown[]): string {
  return parts
    .flat()
    .filter((part) => part !== undefined && part !== null && part !== "")
    .map(String)
    .join(" ");
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Digits);
}
