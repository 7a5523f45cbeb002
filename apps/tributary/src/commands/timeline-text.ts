import type { AuditEntry, TimelineAnswer, TimelineEntry } from "@tributary/admin-api";
import { losslessJson } from "./conflict-text.ts";
import { printable } from "./text-table.ts";

/** Characters of one value that are shown; the whole of it is in the JSON. */
const valueLengthMax = 100;

/** A timeline for a person: a paragraph a version, in it a line an element and a line a node that has it; then where it is. */
export function describeTimeline({ key, entries, isCut, whereabouts, others }: TimelineAnswer): string {
  const title = `${key.type}/${key.id}: ${isCut ? `the latest ${entries.length}` : entries.length} versions`;
  const place = whereabouts.length === 0 ? [] : [["Where the latest version is", ...whereabouts.map(placeLine)]];
  const aside = others.length === 0 ? [] : [["Told by other nodes of other versions", ...others.map(tellingLine)]];
  const ends = [...aside, ...place].map((lines) => lines.map(printable).join("\n"));
  return [title, ...entries.map(describeEntry), ...ends].join("\n\n");
}

function placeLine({ node, state, at, version, by, error }: TimelineAnswer["whereabouts"][number]): string {
  const moment = new Date(at).toISOString();
  const numbered = version === null ? "" : `, its version ${version}`;
  if (state === "has-it") return `   ${node}  has it since ${moment} (${by}${numbered})`;
  if (state === "failed") return `   ${node}  could not take it in, ${moment} (${error ?? by})`;
  return `   ${node}  told last of another version, ${moment} (${by}${numbered})`;
}

function tellingLine({ node, at, operation, versionAfter, outcome, error }: AuditEntry): string {
  const version = versionAfter === null ? "" : `, its version ${versionAfter}`;
  const ending = error === null ? outcome : `${outcome}, ${error}`;
  return `   ${node}  ${operation} at ${new Date(at).toISOString()}${version} (${ending})`;
}

function describeEntry(entry: TimelineEntry): string {
  const { version, at, operation, changes } = entry;
  const made = { create: "created", update: "changed", delete: "deleted" }[operation];
  const head = printable(`${version}  ${new Date(at).toISOString()}  ${made} ${originOf(entry)}`);
  const journey = [
    ...entry.trail.filter((one) => one.versionBefore === version).map(sendingLine),
    ...entry.elsewhere.map(tellingLine),
  ];
  // What a deletion took away stands in the versions before.
  if (operation === "delete") return [head, ...journey.map(printable)].join("\n");
  const width = Math.max(0, ...changes.map(({ path }) => path.length));
  const lines = changes.map(({ path, before, after }) =>
    printable(
      before === undefined
        ? `   ${path.padEnd(width)}  ${shownValue(after)}`
        : `   ${path.padEnd(width)}  ${shownValue(before)} > ${shownValue(after)}`,
    ),
  );
  return [head, ...lines, ...journey.map(printable)].join("\n");
}

function sendingLine({ link, at, operation, outcome, error }: AuditEntry): string {
  return `   ${link ?? "here"}  ${operation} at ${new Date(at).toISOString()} (${error === null ? outcome : `${outcome}, ${error}`})`;
}

function originOf({ originNode, author, cameBy, link }: TimelineEntry): string {
  const by = author === null || author === originNode ? `at ${originNode}` : `by ${author} at ${originNode}`;
  if (cameBy === null || cameBy === "local-write") return by;
  return link === null ? `${by} (${cameBy})` : `${by} (${cameBy}, link to ${link})`;
}

/** A fragment with one member by its value alone, since the path names the member already. */
export function shownValue(fragment: Readonly<Record<string, unknown>> | undefined): string {
  if (fragment === undefined) return "-";
  const members = Object.values(fragment);
  const [only] = members;
  const shown = members.length > 1 ? fragment : Array.isArray(only) && only.length === 1 ? only[0]! : only!;
  const text = losslessJson(shown);
  return text.length > valueLengthMax ? `${text.slice(0, valueLengthMax)}…` : text;
}
