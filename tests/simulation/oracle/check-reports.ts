import { sql } from "@tributary/database";
import type { PullReport, PushReport } from "@tributary/sync";
import type { SimNode } from "../world/sim-node.ts";
import { Violation } from "./violation.ts";

const countUnits = sql("select count(*) as n from push_units");
const countFailed = sql("select count(*) as n from failed_pulls");

/** I16: *complete* is said only when nothing is left to send, nothing waits, and the marker is at the end. */
export async function checkReport({ name, node }: SimNode, report: PullReport | PushReport): Promise<void> {
  if (report.status !== "complete") return;
  const { database } = node;
  if ("marker" in report) {
    const waiting = (await database.first<{ n: number }>(countFailed))!.n;
    if (waiting > 0) throw new Violation("I16", `${name} says complete while ${waiting} records wait.`);
    if (report.marker && report.marker.position < report.marker.head) {
      throw new Violation("I16", `${name} says complete at ${report.marker.position} of ${report.marker.head}.`);
    }
    return;
  }
  const units = (await database.first<{ n: number }>(countUnits))!.n;
  if (units > 0) throw new Violation("I16", `${name} says complete while ${units} units are in its queue.`);
}
