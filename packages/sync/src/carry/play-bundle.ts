import { appendAudit } from "@tributary/audit";
import type { Database } from "@tributary/database";
import { moveQueuedEvents } from "@tributary/events";
import { TributaryError } from "@tributary/kernel";
import { keysWithChild } from "../enrolment/carry-keys.ts";
import { readChildInstance } from "../enrolment/child-instances.ts";
import { type ChildNode, noteChildSeen, readChildNode } from "../enrolment/child-nodes.ts";
import { decideInstance } from "../enrolment/decide-instance.ts";
import { instanceHeader, parseInstanceHeader } from "../enrolment/instance-header.ts";
import { digestHeader, digestOfBody } from "../line/body-digest.ts";
import type { Exchange, ExchangeResponse } from "../line/exchange.ts";
import { ParentConnection } from "../pull/parent-connection.ts";
import { parseVerdicts } from "../push/parse-verdicts.ts";
import { knowsSettled } from "../restore/last-settled.ts";
import { createServerFor, type SyncServerOptions } from "../sync-server.ts";
import { upstreamHeader } from "../tiers/upstream-header.ts";
import { versionsHeader } from "../versions/version-ranges.ts";
import { askAhead } from "./ask-ahead.ts";
import {
  type AnswerRefusal,
  type AnswerSummary,
  type BundleHead,
  bundleBytesMax,
  bundlePaths,
  parseBundleHead,
} from "./bundle.ts";
import { type BundlePart, packPart, unpackPart } from "./bundle-part.ts";
import { carriedAudit } from "./carried-audit.ts";
import { CarriedFile, CarriedFileWriter, peekCarriedFile, refused } from "./carried-file.ts";
import { exchangeOver } from "./exchange-over.ts";
import { raiseTurn, readTurn } from "./turns.ts";
import { untilStopped } from "./until-stopped.ts";

/** Which bundle a parent plays, where its answer goes, and in whose name. */
export interface PlayBundleOptions extends SyncServerOptions {
  /** The child's bundle. */
  readonly file: string;
  /** Where the answer is to be, by the names of the child and of the bundle. */
  readonly answerFile: (child: string, turn: number) => string;
  /** Who does it; entered in the audit trail. */
  readonly author: string;
  /** Content that the answer may carry; what every file may when left out. */
  readonly bytesMax?: number;
  /** Told before each request of the bundle how many have been played, of how many. */
  readonly onProgress?: (requests: number, requestsTotal: number) => void;
}

/** What came of a bundle. */
export interface PlayedBundle {
  readonly child: string;
  readonly turn: number;
  /** `older`: nothing of it was taken, since a later one was, or more is known of the child; the answer tells it so. */
  readonly outcome: "taken" | "older";
  /** Verdicts on its units, by kind. */
  readonly verdicts: Readonly<Record<string, number>>;
  readonly answer: string;
  readonly bytes: number;
}

/** An origin that is nowhere: requests of a file meet the handlers, and no socket. */
const nowhere = new URL("http://carried.invalid/sync/v1/");

/**
 * Takes in what a child says in a file, as if it had said it over a line: request by request, with the same handlers, and
 * so with the same verdicts, catchments, guards and repetitions. Then it writes the answer.
 *
 * To play a bundle again changes nothing and answers the same. One that is older than the last changes nothing. Throws
 * `CARRIED_FILE_REFUSED`, `CARRIED_KEYS_MISSING`, `REMOTE_REFUSED` of a revoked child, `UPGRADE_NEEDED`.
 */
export async function playBundle(options: PlayBundleOptions, signal: AbortSignal): Promise<PlayedBundle> {
  const { database, nodeId, clock, file, author } = options;
  const { from: node } = await peekCarriedFile(file);
  const keys = await keysWithChild(database, node);
  await using carried = await CarriedFile.open(file, { kind: "bundle", from: node, to: nodeId }, keys);
  const child = (await readChildNode(database, node))!;
  const bundle = parseBundleHead((await unpackPart(await carried.part(0))).head);
  const { turn } = bundle;
  const older = await whyOlder(database, node, bundle);
  const answer = options.answerFile(node, turn);
  await using writer = await CarriedFileWriter.create(answer, { kind: "answer", from: nodeId, to: node }, keys);
  const write: Write = async (head, body) => writer.add(await packPart(head, body));
  const played = older
    ? nothingPlayed
    : await untilStopped(play(carried, child, bundle, options, write, signal), signal);
  const refusal = older ?? (played.isReused ? await reused(database, node, bundle) : null);
  const summary: AnswerSummary = { turn, program: options.programVersion ?? null, ...played.summary, refusal };
  await writer.add(await packPart(summary));
  const bytes = await writer.finish();
  await database.transaction(async (tx) => {
    const outcome = refusal ? "rejected" : "bundle-played";
    const error = refusal ? { error: "CARRIED_FILE_REFUSED" } : {};
    await appendAudit(tx, nodeId, [
      carriedAudit({ at: clock.now(), actor: author, link: node, name: `${node}:${turn}`, outcome, ...error }),
    ]);
    if (refusal) return;
    await raiseTurn(tx, node, "played", turn);
    await noteChildSeen(tx, node, clock.now(), bundle.markers[bundle.stream]);
  });
  return { child: node, turn, outcome: refusal ? "older" : "taken", verdicts: played.verdicts, answer, bytes };
}

type Write = (head: object, body: string | Uint8Array) => Promise<void>;

interface Played {
  /** It gave a name that has a verdict to other content: it was restored from a backup. */
  readonly isReused: boolean;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly summary: Pick<AnswerSummary, "reach" | "streams" | "isOtherHistory">;
}

const nothingPlayed: Played = {
  isReused: false,
  verdicts: {},
  summary: { reach: null, streams: {}, isOtherHistory: false },
};

/**
 * Whether more is known of the child than the bundle says. An old stick looks like a child that was restored from a
 * backup; which of the two it is the child itself can tell, from the answer.
 */
async function whyOlder(
  database: Database,
  node: string,
  { turn: said, instance }: BundleHead,
): Promise<AnswerRefusal | null> {
  const turn = await readTurn(database, node, "played");
  const told = parseInstanceHeader(instance ?? undefined);
  const known = told && (await readChildInstance(database, node, told.incarnation));
  const decision = told && decideInstance(known, told).kind;
  if (decision === "cloned" || decision === "turned-away")
    throw refused(`another installation than the one that wrote it is at work as ${node}`);
  if (decision !== "restored" && said >= turn) return null;
  return { turn, isReused: false, incarnation: told?.incarnation ?? "", counter: known?.counter ?? 0 };
}

async function reused(database: Database, node: string, { instance }: BundleHead): Promise<AnswerRefusal> {
  const { incarnation = "", counter = 0 } = parseInstanceHeader(instance ?? undefined) ?? {};
  return { turn: await readTurn(database, node, "played"), isReused: true, incarnation, counter };
}

async function play(
  carried: CarriedFile,
  child: ChildNode,
  bundle: BundleHead,
  options: PlayBundleOptions,
  write: Write,
  signal: AbortSignal,
): Promise<Played> {
  const { database, clock, onProgress } = options;
  const { routes } = createServerFor(child, options);
  const line = inTheNameOf(bundle, exchangeOver(routes));
  const hasLost = !(await knowsSettled(database, child.node, bundle.settled ?? undefined));
  const judged = new Map<string, number>();
  const verdicts: Record<string, number> = {};
  let reach: string | null = null;
  for (let place = 1; place < carried.parts; place++) {
    signal.throwIfAborted();
    onProgress?.(place - 1, carried.parts - 1);
    const { head, body } = await unpackPart(await carried.part(place));
    const path = bundlePaths.find((one) => one === head["path"]);
    if (!path) throw refused("it asks for what no bundle asks for");
    // What was made on what is lost here comes again with that.
    if (hasLost && path === "push") continue;
    const answer = await say(path, body.toString("utf8"), line, signal);
    if (!answer) return { ...nothingPlayed, isReused: true };
    reach = answer.headers[upstreamHeader] ?? reach;
    await write({ kind: "answer", path, ...(path === "audit" ? { said: placesIn(body) } : {}) }, answer.body);
    if (path === "push") countVerdicts(answer.body, verdicts, judged);
  }
  while ((await moveQueuedEvents(database)) > 0) signal.throwIfAborted();
  const connection = new ParentConnection({
    url: nowhere,
    tokens: { token: async () => "", setClockOffset() {} },
    exchange: line,
    clock,
    clockOffsetMs: 0,
    onClockOffset: async () => {},
  });
  const { bytesMax = bundleBytesMax } = options;
  const asking = { database, child: child.node, clock, connection, bundle, hasLost, judged, bytesMax, write };
  const told = await askAhead(asking, signal);
  return { isReused: false, verdicts, summary: { reach, ...told } };
}

/** A line that says of itself what the child says of itself. */
function inTheNameOf({ versions, instance }: BundleHead, line: Exchange): Exchange {
  const own = { [versionsHeader]: versions, ...(instance === null ? {} : { [instanceHeader]: instance }) };
  return (request, signal) => line({ ...request, headers: { ...request.headers, ...own } }, signal);
}

/** Plays one request; `undefined` when a name in it has a verdict on other content. */
async function say(
  path: string,
  body: string,
  line: Exchange,
  signal: AbortSignal,
): Promise<ExchangeResponse | undefined> {
  const headers = { "content-type": "application/json", [digestHeader]: digestOfBody(body) };
  const answer = await line({ method: "POST", url: new URL(path, nowhere), headers, body }, signal);
  if (answer.status === 200) return answer;
  const { code, message } = JSON.parse(new TextDecoder().decode(answer.body)) as Record<string, string>;
  if (code === "OPERATION_REUSED") return undefined;
  if (code === "UPGRADE_NEEDED") throw new TributaryError(code, message ?? "");
  throw new TributaryError(
    "CARRIED_FILE_REFUSED",
    `A request in the file was refused (${code}): ${message} What stands before it has been taken; the file can be brought again.`,
  );
}

function countVerdicts(body: Uint8Array, counts: Record<string, number>, judged: Map<string, number>): void {
  for (const verdict of parseVerdicts(new TextDecoder().decode(body)).verdicts.values()) {
    counts[verdict.kind] = (counts[verdict.kind] ?? 0) + 1;
    if (verdict.kind !== "taken") continue;
    // A merged body may be left to the pull, which then asks for it.
    const asSent = verdict.records.filter(({ outcome }) => outcome !== "merged");
    for (const { type, id, version } of asSent) judged.set(`${type}/${id}`, version);
  }
}

/** Which stretch of which trail was told: an answer to it is about that stretch, whatever was written since. */
function placesIn(body: BundlePart["body"]) {
  const { segments } = JSON.parse(body.toString("utf8")) as {
    readonly segments: readonly {
      node: string;
      chain: string;
      after: [number, string];
      entries: unknown[];
      hash: string;
    }[];
  };
  return segments.map(({ node, chain, after, entries, hash }) => ({
    node,
    chain,
    after: after[0],
    count: entries.length,
    hash,
  }));
}
