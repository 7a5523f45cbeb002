import type { VerifyReport } from "@tributary/admin-api";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { textTable } from "./text-table.ts";
import { untilInterrupted } from "./until-interrupted.ts";

/** Differences that are listed; the count tells how many there are. */
const listedMax = 50;

export interface VerifyOptions extends AdminOptions {
  readonly repair?: boolean;
  readonly json?: boolean;
}

/** `tributary verify`: compares all records with the parent's. Returns the exit code: 0 only when they are identical. */
export async function verify(options: VerifyOptions, terminal: Terminal): Promise<number> {
  const { repair = false, json } = options;
  await using admin = await openAdmin(options, terminal);
  const report = await untilInterrupted((signal) => admin.ask("POST /verify", { body: { repair }, signal }));
  terminal.print(json ? losslessJson(report) : describe(report, repair));
  return report.outcome === "identical" ? exitCodes.done : exitCodes.failed;
}

function describe(report: VerifyReport, repair: boolean): string {
  const { outcome, parent, records, differences, waiting, outside, repaired, requests, tookMs } = report;
  const cost = `${requests} requests, ${(tookMs / 1000).toFixed(1)} s`;
  const waits = waiting === 0 ? "" : ` ${waiting} wait to be sent or taken in; they are not counted as differences.`;
  const guests = outside === 0 ? "" : ` ${outside} of patients outside the catchment are not compared.`;
  const aside = `${waits}${guests}`;
  const mended = repaired === 0 ? "" : ` ${repaired} were repaired.`;
  if (outcome === "identical") return `Identical with ${parent}: ${records} records, ${cost}.${aside}${mended}`;
  if (outcome === "out-of-step") {
    return `Changes came faster than they could be compared with ${parent}; try again at a quieter time.`;
  }
  const listed = differences.slice(0, listedMax).map(({ kind, type, id }) => [kind, `${type}/${id}`]);
  const advice = repair ? "" : "\nWith --repair what differs is fetched and sent.";
  const heading = `Not identical with ${parent}: ${differences.length} of ${records} records differ.${aside}${mended}`;
  return `${heading}\n${textTable(["difference", "record"], listed)}${advice}`;
}
