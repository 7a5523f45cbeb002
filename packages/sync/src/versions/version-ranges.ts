import { protocolVersion, schemaVersion } from "../line/protocol.ts";

/** From the oldest to the newest version that a program understands, both included. */
export type VersionRange = readonly [oldest: number, newest: number];

/** What a program understands: the requests and answers between nodes, and the form in which records travel. */
export interface VersionRanges {
  readonly protocol: VersionRange;
  readonly schema: VersionRange;
}

/** What this program understands. */
export const supportedVersions: VersionRanges = {
  protocol: [protocolVersion, protocolVersion],
  schema: [schemaVersion, schemaVersion],
};

/** Header in which a child tells, with every request, what it understands. */
export const versionsHeader = "tributary-versions";

export function writeVersionsHeader({ protocol, schema }: VersionRanges): string {
  return `protocol=${protocol.join("-")}, schema=${schema.join("-")}`;
}

/** Reads the header; `undefined` when it is missing or says nothing, as that of the first programs. */
export function parseVersionsHeader(text: string | undefined): VersionRanges | undefined {
  const found = /^protocol=(\d{1,6})-(\d{1,6}), schema=(\d{1,6})-(\d{1,6})$/.exec(text ?? "");
  if (!found) return undefined;
  const [p1, p2, s1, s2] = found.slice(1).map(Number) as [number, number, number, number];
  return { protocol: [p1, p2], schema: [s1, s2] };
}

/** Why two programs cannot work together, naming the versions of both; `undefined` when they can. */
export function whyApart(parent: VersionRanges, child: VersionRanges): string | undefined {
  for (const what of ["protocol", "schema"] as const) {
    const [mine, theirs] = [parent[what], child[what]];
    if (mine[0] <= theirs[1] && theirs[0] <= mine[1]) continue;
    const older = theirs[1] < mine[0] ? "the child" : "the parent";
    return `The parent understands ${what} ${spell(mine)} and the child ${spell(theirs)}: bring ${older} up to date.`;
  }
  return undefined;
}

function spell([oldest, newest]: VersionRange): string {
  return oldest === newest ? String(oldest) : `${oldest} to ${newest}`;
}
