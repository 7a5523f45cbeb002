import { appendAudit } from "@tributary/audit";
import { newUuid } from "@tributary/kernel";
import { keysWithParent } from "../enrolment/carry-keys.ts";
import type { ParentLink } from "../enrolment/parent-link.ts";
import { readStreamMarker } from "../pull/stream-marker.ts";
import { askVerdicts } from "../push/ask-verdicts.ts";
import { pushQuestionsMax } from "../push/push-batch.ts";
import type { PushOptions } from "../push/push-options.ts";
import { readHeldUnits, readQueuedUnits } from "../push/queue/read-units.ts";
import { emptyPushTally, type PushTally } from "../push/settle-unit.ts";
import { settleVerdicts } from "../push/settle-verdicts.ts";
import { readIncarnation, takeNewIncarnation } from "../restore/take-new-incarnation.ts";
import type { PullReport } from "../sync-report.ts";
import type { SynchronizerOptions } from "../synchronizer-options.ts";
import { CarriedAnswer } from "./carried-answer.ts";
import { carriedAudit } from "./carried-audit.ts";
import { CarriedFile, refused } from "./carried-file.ts";
import { raiseTurn, readTurn } from "./turns.ts";

/** What a parent's answer brought. */
export interface ImportedAnswer {
  readonly parent: string;
  /** The bundle that it answers, and the last that was written here: with a later one out, another answer is to come. */
  readonly turn: number;
  readonly lastTurn: number;
  /**
   * `taken`; `older`: the parent knew of a later bundle than that one and took nothing; `restored`: the parent knew more of
   * this node than its database does, and operations are named afresh.
   */
  readonly outcome: "taken" | "older" | "restored";
  readonly pushed: PushTally;
  /** What was taken in; absent when nothing of the bundle was taken at the parent. */
  readonly pulled?: PullReport;
}

export interface OpenAnswerOptions extends Pick<SynchronizerOptions, "database" | "nodeId"> {
  readonly link: ParentLink;
  readonly file: string;
}

/**
 * Opens an answer and holds it against what is here. Throws `CARRIED_FILE_REFUSED` when it is damaged, not from the parent,
 * or begins behind a later place than this node has come to, with nothing changed.
 */
export async function openAnswer({ database, nodeId, link, file }: OpenAnswerOptions): Promise<CarriedAnswer> {
  const { parent, stream } = link;
  const keys = await keysWithParent(database);
  await using carried = await CarriedFile.open(file, { kind: "answer", from: parent, to: nodeId }, keys);
  const answer = await CarriedAnswer.read(carried);
  const { turn, streams, isOtherHistory } = answer.summary;
  if (turn < (await readTurn(database, parent, "taken"))) {
    throw refused("the answer to a later bundle has been taken in, and holds all that is in this one");
  }
  const stretch = streams[stream];
  const marker = await readStreamMarker(database, parent, stream);
  if (stretch && marker && marker.epoch !== stretch.epoch && !isOtherHistory) {
    throw refused("the parent's history is another one than this node has read since; write another bundle");
  }
  if (stretch && marker?.epoch === stretch.epoch && marker.position < stretch.after) {
    throw refused("it begins behind a later place than this node has read up to; write another bundle");
  }
  return answer;
}

/** Takes over that a bundle was too old for the parent: after a restore of this node, or since the stick was an old one. */
export async function takeRefusal(
  { summary: { turn, refusal } }: CarriedAnswer,
  { database, nodeId, clock, random }: SynchronizerOptions,
  parent: string,
): Promise<ImportedAnswer> {
  const { incarnation, counter, turn: known, isReused } = refusal!;
  const own = await readIncarnation(database, parent);
  const isRestored = own.incarnation === incarnation && (isReused || own.counter < counter);
  if (isRestored) {
    const fresh = newUuid(clock, random).slice(-12);
    await takeNewIncarnation(database, parent, nodeId, { incarnation: fresh, now: clock.now(), everyUnit: isReused });
  }
  await database.transaction((tx) => raiseTurn(tx, parent, "written", known));
  const lastTurn = await readTurn(database, parent, "written");
  return { parent, turn, lastTurn, outcome: isRestored ? "restored" : "older", pushed: emptyPushTally() };
}

/** Settles the units on which the file has a verdict. */
export async function settleCarried(
  answer: CarriedAnswer,
  options: PushOptions,
  signal: AbortSignal,
): Promise<PushTally> {
  const { database, parent } = options;
  const tally = emptyPushTally();
  const { operations } = answer;
  const queued = await readQueuedUnits(database, parent, Number.MAX_SAFE_INTEGER);
  const units = [...queued, ...(await readHeldUnits(database, parent))].filter((unit) =>
    operations.has(unit.operationId),
  );
  for (let at = 0; at < units.length; at += pushQuestionsMax) {
    const some = units.slice(at, at + pushQuestionsMax);
    const ask = some.map(({ operationId }) => operationId);
    await settleVerdicts(some, await askVerdicts({ units: [], ask, withdraw: [] }, options, signal), options, tally);
  }
  return tally;
}

/** Enters in the trail that an answer was taken in. */
export async function noteAnswer(
  { summary: { turn } }: CarriedAnswer,
  { database, nodeId, clock }: SynchronizerOptions,
  { parent, author }: { readonly parent: string; readonly author: string },
): Promise<number> {
  await database.transaction(async (tx) => {
    await raiseTurn(tx, parent, "written", turn);
    await raiseTurn(tx, parent, "taken", turn);
    await appendAudit(tx, nodeId, [
      carriedAudit({
        at: clock.now(),
        actor: author,
        link: parent,
        name: `${nodeId}:${turn}`,
        outcome: "answer-imported",
      }),
    ]);
  });
  return readTurn(database, parent, "written");
}
