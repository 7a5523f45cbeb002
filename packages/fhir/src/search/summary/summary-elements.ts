import { elementTable } from "../../definitions/element-table.ts";
import { generatedTable } from "../../definitions/generated-table.ts";

/** The elements of one resource type, as a shortened resource needs to know them. */
export interface SummaryElements {
  /** Paths below the type that `_summary=true` shows; without a child's path the whole element is shown. */
  readonly summary: ReadonlySet<string>;
  /** Top elements that every resource of the type has, `id` and `meta` included. */
  readonly required: ReadonlySet<string>;
  /** Top elements that change the meaning of others. */
  readonly modifiers: ReadonlySet<string>;
}

const generated = generatedTable<Readonly<Record<string, string>>>("summary-elements");
const tables = new Map<string, SummaryElements>();

/** What a shortened resource of this type shows; `undefined` for a name that is no resource type. */
export function summaryElementsOf(type: string): SummaryElements | undefined {
  let table = tables.get(type);
  if (!table && Object.hasOwn(generated(), type)) {
    table = readTable(type, generated()[type]!.split(" "));
    tables.set(type, table);
  }
  return table;
}

/** The name that a member of a JSON object has as an element: `deceasedBoolean` and `_deceasedBoolean` → `deceased`. */
export function elementNameOf(tableName: string, member: string): string {
  const bare = member.startsWith("_") ? member.slice(1) : member;
  const choice = elementTable(tableName)?.elements.find(
    ({ isChoice, types }) => isChoice && types.some(({ jsonName }) => jsonName === bare),
  );
  return choice?.name ?? bare;
}

function readTable(type: string, marked: readonly string[]): SummaryElements {
  const modifiers = marked.filter((path) => /^\w+!$/.test(path)).map((path) => path.slice(0, -1));
  const required = elementTable(type)?.elements.filter(({ isRequired }) => isRequired) ?? [];
  return {
    summary: new Set(marked.map((path) => path.replace("!", ""))),
    required: new Set(["resourceType", "id", "meta", ...required.map(({ name }) => name)]),
    modifiers: new Set(["modifierExtension", ...modifiers]),
  };
}
