import type { CarriedAnswer } from "../carry/carried-answer.ts";
import { type ExportedBundle, exportBundle } from "../carry/export-bundle.ts";
import { type ImportedSnapshot, type ImportSnapshotOptions, importSnapshot } from "../carry/import-snapshot.ts";
import { type ImportedAnswer, noteAnswer, openAnswer, settleCarried, takeRefusal } from "../carry/take-answer.ts";
import { untilStopped } from "../carry/until-stopped.ts";
import { sendDecisions } from "../conflict/decide/send-decisions.ts";
import { asFarAsCarried } from "../line/not-carried.ts";
import { noteReach } from "../tiers/note-reach.ts";
import { ChildEnd } from "./child-end.ts";
import { pullRound } from "./pull-round.ts";

/** A file that goes between parent and child, and who carries it. */
export interface CarriedRound {
  readonly file: string;
  readonly author: string;
}

/** Takes in a snapshot that was carried here. */
export async function takeCarriedSnapshot(
  child: ChildEnd,
  round: CarriedRound,
  signal: AbortSignal,
): Promise<ImportedSnapshot> {
  const { link } = await child.openLine();
  const { parent } = link;
  const letLeave: ImportSnapshotOptions["letLeave"] = (records) => child.letLeave(parent, records);
  const options = { ...child.options, ...round, link, target: child.targetFor(link), letLeave };
  const taken = await untilStopped(importSnapshot(options, signal), signal);
  await child.catchment.purge(parent);
  return taken;
}

/** Writes what the child would say to its parent into a file. */
export async function writeBundle(child: ChildEnd, round: CarriedRound, signal: AbortSignal): Promise<ExportedBundle> {
  const line = await child.openLine();
  const { instance } = child.options;
  const pushing = { ...child.pushOver(line), ...round, link: line.link, pulled: child.pulled };
  const options = { ...pushing, ...(instance === undefined ? {} : { instance }) };
  return untilStopped(exportBundle(options, signal), signal);
}

/** Takes in the answer to such a file: the child's own rounds, over a line that is answered from it. */
export async function takeCarriedAnswer(
  child: ChildEnd,
  { file, author }: CarriedRound,
  signal: AbortSignal,
): Promise<ImportedAnswer> {
  const { options } = child;
  const { link } = await child.openLine();
  const { parent } = link;
  const answer = await openAnswer({ ...options, link, file });
  if (answer.summary.refusal) return takeRefusal(answer, options, parent);
  const carried = new ChildEnd({ ...options, exchange: answer.exchange, snapshotAbove: Number.POSITIVE_INFINITY });
  const taken = await untilStopped(playAnswer(carried, answer, signal), signal);
  const lastTurn = await noteAnswer(answer, options, { parent, author });
  return { parent, turn: answer.summary.turn, lastTurn, outcome: "taken", ...taken };
}

async function playAnswer(
  carried: ChildEnd,
  answer: CarriedAnswer,
  signal: AbortSignal,
): Promise<Pick<ImportedAnswer, "pushed" | "pulled">> {
  const { options, auditTrail } = carried;
  const line = await carried.openLine();
  const { link, connection } = line;
  const { parent } = link;
  const pushed = await settleCarried(answer, carried.pushOver(line), signal);
  await asFarAsCarried(sendDecisions({ ...options, parent, connection }, signal));
  await asFarAsCarried(auditTrail.tell({ parent, connection }, { told: 0, broken: 0 }, signal));
  await options.database.transaction((tx) => noteReach(tx, parent, options.nodeId));
  return { pushed, pulled: await pullRound(carried, signal) };
}
