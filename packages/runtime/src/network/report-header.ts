/** Header in which a child tells its parent how it does, with requests that it makes anyhow. */
export const reportHeader = "tributary-report";
/** Header beside it that tells how many children the child has of its own; parents of earlier versions leave it unread. */
export const childrenHeader = "tributary-children";

/** How a child does, in numbers: nothing of any record. */
export interface ChildReport {
  /** The version of its program. */
  readonly version: string;
  /** What is to be added to its clock to get the parent's. */
  readonly clockOffsetMs: number;
  /** Units of own changes that wait to be sent, and since when the oldest does, by its own clock. */
  readonly unsent: number;
  readonly unsentSince: number | null;
  /** Units that wait at the parent for a record to which they refer. */
  readonly parked: number;
  /** Units that were refused or stepped over, and records that could not be taken in. */
  readonly failed: number;
  readonly openConflicts: number;
  /** Nodes that are let in as its own children; `null` when it does not say. */
  readonly children: number | null;
}

const pattern = /^([\w.+-]{1,64}) o=(-?\d{1,15}) u=(\d{1,9})(?:@(\d{1,15}))? p=(\d{1,9}) f=(\d{1,9}) c=(\d{1,9})$/;
/** More than this is told as this. */
const countMax = 999_999_999;

/** Writes the headers: `0.1.0 o=-120 u=3@1763700000000 p=0 f=2 c=1`, some fifty bytes, and `12`. */
export function writeReport(report: ChildReport): Readonly<Record<string, string>> {
  const { version, clockOffsetMs, unsent, unsentSince, parked, failed, openConflicts, children } = report;
  const since = unsentSince === null ? "" : `@${Math.round(unsentSince)}`;
  const [u, p, f, c] = [unsent, parked, failed, openConflicts].map((count) => Math.min(count, countMax));
  return {
    [reportHeader]: `${version} o=${Math.round(clockOffsetMs)} u=${u}${since} p=${p} f=${f} c=${c}`,
    ...(children === null ? {} : { [childrenHeader]: `${Math.min(children, countMax)}` }),
  };
}

/** Reads the headers; `undefined` when they are missing or say nothing that is understood. */
export function readReport(headers: Readonly<Record<string, string | undefined>>): ChildReport | undefined {
  const found = pattern.exec(headers[reportHeader] ?? "");
  if (!found) return undefined;
  const [, version = "", offset, unsent, since, parked, failed, openConflicts] = found;
  const children = headers[childrenHeader] ?? "";
  return {
    version,
    clockOffsetMs: Number(offset),
    unsent: Number(unsent),
    unsentSince: since === undefined ? null : Number(since),
    parked: Number(parked),
    failed: Number(failed),
    openConflicts: Number(openConflicts),
    children: /^\d{1,9}$/.test(children) ? Number(children) : null,
  };
}
