import { readableValue, referenceIn } from "../../parts/readable-value.ts";

/** One element of a record as a person reads it. */
export interface RecordRow {
  /** Tells it from its neighbours: the element, and which of them it is. */
  readonly key: string;
  /** The element's name as FHIR has it, such as `birthDate`. */
  readonly element: string;
  readonly value: string;
  /** Other records that it refers to. */
  readonly references: readonly string[];
  /** What it is made of, when one line cannot say it. */
  readonly parts: readonly RecordRow[];
}

/** Depth to which parts are taken apart; what lies deeper is told in one line. */
const depthMax = 4;
/** Members that tell about the record, not about the patient; they are shown by themselves or not at all. */
const aside: ReadonlySet<string> = new Set(["resourceType", "id", "meta", "text", "contained", "extension"]);

/** A record's content as rows, in the order in which it was written. Pure. */
export function readableRecord(body: Readonly<Record<string, unknown>>): readonly RecordRow[] {
  return Object.entries(body)
    .filter(([element]) => !aside.has(element) && !element.startsWith("_"))
    .flatMap(([element, value]) => rowsOf(element, value, depthMax));
}

function rowsOf(element: string, value: unknown, depth: number): RecordRow[] {
  const items = Array.isArray(value) ? value : [value];
  if (items.some((item) => needsParts(item)) && depth > 0) {
    return items.map((item, at) => ({
      key: `${element}-${at}`,
      element,
      value: "",
      references: [],
      parts: Object.entries(item as object).flatMap(([name, inner]) => rowsOf(name, inner, depth - 1)),
    }));
  }
  const references = items.map(referenceIn).filter((one) => one !== undefined);
  if (references.length === items.length && items.length > 0) {
    const names = items.map((item) => (item as { readonly display?: unknown }).display ?? "").filter(Boolean);
    return [{ key: element, element, value: names.join("; "), references, parts: [] }];
  }
  return [{ key: element, element, value: readableValue(value), references, parts: [] }];
}

/** Whether a value is an object that no line says, such as a contact or a component. */
function needsParts(value: unknown): boolean {
  return typeof value === "object" && value !== null && readableValue(value).startsWith("{");
}
