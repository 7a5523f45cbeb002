import { type JsonObject, stringifyLossless } from "@tributary/fhir";
import type { Timeline, TimelineEntry } from "@tributary/runtime";
import { printable } from "./text-table.ts";

/** Characters of one value that are shown; the whole of it is in the JSON. */
const valueLengthMax = 100;

/** A timeline for a person: a paragraph a version, and in it a line an element. */
export function describeTimeline({ key, entries, isCut }: Timeline): string {
  const title = `${key.type}/${key.id}: ${isCut ? `the latest ${entries.length}` : entries.length} versions`;
  return [title, ...entries.map(describeEntry)].join("\n\n");
}

function describeEntry(entry: TimelineEntry): string {
  const { version, at, operation, changes } = entry;
  const made = { create: "created", update: "changed", delete: "deleted" }[operation];
  const head = printable(`${version}  ${new Date(at).toISOString()}  ${made} ${originOf(entry)}`);
  // What a deletion took away stands in the versions before.
  if (operation === "delete") return head;
  const width = Math.max(0, ...changes.map(({ path }) => path.length));
  const lines = changes.map(({ path, before, after }) =>
    printable(
      before === undefined
        ? `   ${path.padEnd(width)}  ${shownValue(after)}`
        : `   ${path.padEnd(width)}  ${shownValue(before)} > ${shownValue(after)}`,
    ),
  );
  return [head, ...lines].join("\n");
}

function originOf({ originNode, author, cameBy, link }: TimelineEntry): string {
  const by = author === null || author === originNode ? `at ${originNode}` : `by ${author} at ${originNode}`;
  if (cameBy === null || cameBy === "local-write") return by;
  return link === null ? `${by} (${cameBy})` : `${by} (${cameBy}, link to ${link})`;
}

/** A fragment with one member by its value alone, since the path names the member already. */
function shownValue(fragment: JsonObject | undefined): string {
  if (fragment === undefined) return "-";
  const members = Object.values(fragment);
  const [only] = members;
  const shown = members.length > 1 ? fragment : Array.isArray(only) && only.length === 1 ? only[0]! : only!;
  const text = stringifyLossless(shown);
  return text.length > valueLengthMax ? `${text.slice(0, valueLengthMax)}…` : text;
}
