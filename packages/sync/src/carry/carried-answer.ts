import type { SegmentAnswer } from "../audit-trail/trail-message.ts";
import { compartmentBatchType, writeCompartmentBatch } from "../catchment/serve/compartment-batch.ts";
import { digestHeader, digestOfBody } from "../line/body-digest.ts";
import { carriedHeader } from "../line/carried-header.ts";
import type { Exchange, ExchangeRequest, ExchangeResponse } from "../line/exchange.ts";
import { NotCarried } from "../line/not-carried.ts";
import { recordBatchType, streamPageType, versionHeader } from "../line/protocol.ts";
import { parseVerdicts } from "../push/parse-verdicts.ts";
import { parsePushBatch } from "../push/push-batch.ts";
import type { UnitVerdict } from "../push/push-unit.ts";
import { headsHeader, writeHeads } from "../stream/heads-header.ts";
import { markerHeader, parseMarkerHeader } from "../stream/marker-header.ts";
import { parseRecordBatch, type TravellingRecord, writeRecordBatch } from "../stream/record-batch.ts";
import { pageOf } from "../stream/stream-page.ts";
import { upstreamHeader } from "../tiers/upstream-header.ts";
import { type AnswerSummary, parseAnswerSummary } from "./bundle.ts";
import { type BundlePart, unpackPart } from "./bundle-part.ts";
import { type CarriedFile, refused } from "./carried-file.ts";

/** A stretch of an audit trail that was told, with what the parent said to it. */
interface ToldTrail {
  readonly node: string;
  readonly chain: string;
  readonly after: number;
  readonly count: number;
  readonly hash: string;
  readonly answer: SegmentAnswer;
}

interface ConflictRow {
  readonly conflictId: string;
  readonly meetingId?: string | null;
}

/**
 * A parent's answer as it was carried here, and the line on which it answers: whatever the child asks, and in whichever
 * portions, is answered from the file as the parent would have, or else throws `NotCarried`.
 */
export class CarriedAnswer {
  readonly #pages = new Map<string, string>();
  readonly #records = new Map<string, TravellingRecord>();
  readonly #missing = new Set<string>();
  readonly #compartments = new Map<string, { readonly next: string | null; readonly body: Uint8Array }>();
  readonly #conflicts = new Map<string, ConflictRow>();
  readonly #meetings = new Map<string, object>();
  readonly #noConflicts = new Set<string>();
  readonly #verdicts = new Map<string, UnitVerdict>();
  readonly #unknown = new Set<string>();
  readonly #outcomes = new Map<string, string>();
  readonly #decided = new Map<string, ConflictRow>();
  readonly #trails: ToldTrail[] = [];
  readonly #catchments = new Map<string | null, string>();
  readonly #listed = new Map<string, string>();
  #commonPoint: string | undefined;
  /** Whether the child has been told that the history is another one, and has asked what both have in common. */
  #hasMet = false;
  #summary: AnswerSummary | undefined;

  /** Reads an answer as a whole: at most what one file may carry. */
  static async read(carried: CarriedFile): Promise<CarriedAnswer> {
    const answer = new CarriedAnswer();
    for (let place = 0; place < carried.parts - 1; place++)
      answer.#keepIfSound(await unpackPart(await carried.part(place)));
    answer.#summary = parseAnswerSummary((await unpackPart(await carried.part(carried.parts - 1))).head);
    return answer;
  }

  get summary(): AnswerSummary {
    return this.#summary!;
  }

  /** The operations on which the file has a verdict, or of which it says that the parent has never seen them. */
  get operations(): ReadonlySet<string> {
    return new Set([...this.#verdicts.keys(), ...this.#unknown]);
  }

  /** The line; each request is answered at once. */
  get exchange(): Exchange {
    return async (request) => this.#answer(request);
  }

  #keepIfSound(part: BundlePart): void {
    try {
      this.#keep(part);
    } catch (error) {
      // What is no JSON, or has not the members that it must have; what is refused by name stays so.
      if (error instanceof SyntaxError || error instanceof TypeError) throw refused("a part of it is not what it says");
      throw error;
    }
  }

  #keep({ head, body }: BundlePart): void {
    const text = () => body.toString("utf8");
    switch (head["kind"]) {
      case "answer":
        this.#keepAnswer(head, text());
        return;
      case "page":
        this.#pages.set(String(head["path"]), text());
        return;
      case "records": {
        const { records, missing } = parseRecordBatch(body);
        for (const record of records) this.#records.set(`${record.type}/${record.id}`, record);
        for (const { type, id } of missing) this.#missing.add(`${type}/${id}`);
        return;
      }
      case "compartment":
        this.#compartments.set(`${head["patient"]} ${head["place"]}`, { next: head["next"] as string | null, body });
        return;
      case "conflicts": {
        const { conflicts, meetings, missing } = JSON.parse(text()) as {
          readonly conflicts: readonly ConflictRow[];
          readonly meetings: readonly { readonly meetingId: string }[];
          readonly missing: readonly string[];
        };
        for (const conflict of conflicts) this.#conflicts.set(conflict.conflictId, conflict);
        for (const meeting of meetings) this.#meetings.set(meeting.meetingId, meeting);
        for (const id of missing) this.#noConflicts.add(id);
        return;
      }
      case "common-point":
        this.#commonPoint = text();
        return;
      case "verify":
        this.#listed.set(String(head["path"]), text());
        return;
      case "catchment":
        this.#catchments.set(head["after"] as string | null, text());
        return;
      default:
        throw refused("it holds what this version does not know");
    }
  }

  #keepAnswer(head: BundlePart["head"], text: string): void {
    switch (head["path"]) {
      case "push": {
        const { verdicts, unknown } = parseVerdicts(text);
        for (const [operationId, verdict] of verdicts) this.#verdicts.set(operationId, verdict);
        for (const operationId of unknown) this.#unknown.add(operationId);
        return;
      }
      case "conflicts/decide": {
        const { outcomes, conflicts } = JSON.parse(text) as {
          readonly outcomes: readonly [string, string][];
          readonly conflicts: readonly ConflictRow[];
        };
        for (const [decisionId, outcome] of outcomes) this.#outcomes.set(decisionId, outcome);
        for (const conflict of conflicts) this.#decided.set(conflict.conflictId, conflict);
        return;
      }
      case "audit": {
        const { segments } = JSON.parse(text) as { readonly segments: readonly SegmentAnswer[] };
        const said = head["said"] as readonly Omit<ToldTrail, "answer">[];
        this.#trails.push(...said.map((one, at) => ({ ...one, answer: segments[at]! })));
      }
    }
  }

  #answer(request: ExchangeRequest): ExchangeResponse {
    const path = request.url.pathname.replace(/^.*\/sync\/v1\//, "");
    const asked = (): Record<string, unknown> => JSON.parse(request.body ?? "{}") as Record<string, unknown>;
    if (path.startsWith("streams/")) return this.#page(path.slice("streams/".length), request);
    switch (path) {
      case "read":
        return this.#read(asked());
      case "push":
        return this.#push(request.body ?? "");
      case "compartments/read":
        return this.#compartment(asked());
      case "conflicts/read":
        return this.#readConflicts(asked());
      case "conflicts/decide":
        return this.#decide(asked());
      case "audit":
        return this.#trail(asked());
      case "common-point":
        if (this.#commonPoint === undefined) return this.#notItsStream();
        this.#hasMet = true;
        return this.#told("application/json", this.#commonPoint);
      case "verify/records": {
        const text = this.#listed.get(`${path}${decodeURIComponent(request.url.search)}`);
        if (text === undefined) throw new NotCarried();
        return this.#told("application/json", text);
      }
      case "catchment": {
        const text = this.#catchments.get(asked()["after"] as string | null);
        if (text === undefined) throw new NotCarried();
        return this.#told("application/json", text);
      }
      default:
        throw new NotCarried();
    }
  }

  #page(path: string, request: ExchangeRequest): ExchangeResponse {
    const [stream = "", epoch, page] = path.split("/");
    const stretch = this.summary.streams[stream];
    if (this.#commonPoint !== undefined && !this.#hasMet) return this.#otherHistory();
    if (!stretch) {
      if (this.summary.isOtherHistory) return this.#otherHistory();
      throw new NotCarried();
    }
    const at = epoch === "recent" ? `${stretch.epoch}/${pageOf(Math.max(1, stretch.head)).page}` : `${epoch}/${page}`;
    const marker = parseMarkerHeader(request.headers[markerHeader]);
    if (epoch !== "recent" && epoch !== stretch.epoch) return this.#otherHistory();
    const text = this.#pages.get(`${stream}/${at}`);
    const isFurther = marker !== undefined && marker.position > stretch.head;
    if (text !== undefined && !isFurther) return this.#told(streamPageType, text);
    if (marker !== undefined && marker.position >= stretch.head) return { ...this.#told("", ""), status: 204 };
    throw new NotCarried();
  }

  #read({ records, maxBytes }: Record<string, unknown>): ExchangeResponse {
    const names = (records as [string, string][]).map(([type, id]) => ({ type, id }));
    const missing = names.filter(({ type, id }) => this.#missing.has(`${type}/${id}`));
    const found = names.flatMap(({ type, id }) => this.#records.get(`${type}/${id}`) ?? []);
    if (missing.length + found.length === 0) throw new NotCarried();
    return this.#told(recordBatchType, writeRecordBatch({ records: upTo(Number(maxBytes), found), missing }));
  }

  #push(body: string): ExchangeResponse {
    const { ask, units } = parsePushBatch(body);
    if (units.length > 0) throw new NotCarried();
    const verdicts = ask.flatMap((operationId) => {
      const verdict = this.#verdicts.get(operationId);
      return verdict ? [[operationId, verdict]] : [];
    });
    const unknown = ask.filter((operationId) => this.#unknown.has(operationId));
    return this.#told("application/json", JSON.stringify({ verdicts, unknown }));
  }

  #compartment({ patients }: Record<string, unknown>): ExchangeResponse {
    const places: { patient: string; next: string | null }[] = [];
    const records: TravellingRecord[] = [];
    for (const [patient, place] of patients as [string, string | null][]) {
      const kept = this.#compartments.get(`${patient} ${place}`);
      if (!kept) continue;
      places.push({ patient, next: kept.next });
      records.push(...parseRecordBatch(kept.body).records);
    }
    if (places.length === 0) throw new NotCarried();
    return this.#told(compartmentBatchType, writeCompartmentBatch({ places, records }));
  }

  #readConflicts({ conflicts }: Record<string, unknown>): ExchangeResponse {
    const ids = conflicts as string[];
    const rows = ids.flatMap((id) => this.#conflicts.get(id) ?? []);
    const missing = ids.filter((id) => this.#noConflicts.has(id));
    if (rows.length + missing.length === 0) throw new NotCarried();
    const meetings = rows.flatMap(({ meetingId }) => this.#meetings.get(meetingId ?? "") ?? []);
    return this.#told("application/json", JSON.stringify({ conflicts: rows, meetings, missing }));
  }

  #decide({ decisions }: Record<string, unknown>): ExchangeResponse {
    const asked = decisions as readonly { readonly decisionId: string; readonly conflictId: string }[];
    const known = asked.filter(({ decisionId }) => this.#outcomes.has(decisionId));
    if (known.length === 0) throw new NotCarried();
    const outcomes = known.map(({ decisionId }) => [decisionId, this.#outcomes.get(decisionId)]);
    const conflicts = known.flatMap(({ conflictId }) => this.#decided.get(conflictId) ?? []);
    return this.#told("application/json", JSON.stringify({ outcomes, conflicts }));
  }

  /** Says how far a trail is that has grown since its stretch was told; what was not told is not said to be taken. */
  #trail({ segments }: Record<string, unknown>): ExchangeResponse {
    const asked = segments as { node: string; chain: string; after: [number, string]; entries: unknown[] }[];
    const answers = asked.map(({ node, chain, after, entries }): SegmentAnswer => {
      const told = this.#trails.find((one) => one.node === node && one.chain === chain && one.after === after[0]);
      if (!told) throw new NotCarried();
      if (told.answer.kind !== "taken" || told.count === entries.length) return told.answer;
      if (told.count > entries.length) throw new NotCarried();
      return { kind: "behind", head: { position: told.after + told.count, hash: told.hash } };
    });
    return this.#told("application/json", JSON.stringify({ segments: answers }));
  }

  #otherHistory(): ExchangeResponse {
    const text = JSON.stringify({ code: "EPOCH_CHANGED", message: "The stream has another history now." });
    return { ...this.#told("application/json", text), status: 410 };
  }

  /** Says that another catchment is the cause: where the history is another one, the file tells what is in common. */
  #notItsStream(): ExchangeResponse {
    const text = JSON.stringify({ code: "REMOTE_REFUSED", message: "There is no such stream for this node." });
    return { ...this.#told("application/json", text), status: 403 };
  }

  #told(contentType: string, content: string | Uint8Array): ExchangeResponse {
    const body = Buffer.from(content as string);
    const { program, reach, streams } = this.summary;
    const heads = new Map(Object.entries(streams).map(([stream, { head }]) => [stream, head]));
    const headers = {
      "content-type": contentType,
      [carriedHeader]: "1",
      [digestHeader]: digestOfBody(body),
      [headsHeader]: writeHeads(heads),
      ...(program === null ? {} : { [versionHeader]: program }),
      ...(reach === null ? {} : { [upstreamHeader]: reach }),
    };
    return { status: 200, headers, body, wireBytes: body.byteLength };
  }
}

/** As many records as fit, at least one. */
function upTo(bytesMax: number, records: readonly TravellingRecord[]): TravellingRecord[] {
  let bytes = 0;
  return records.filter(({ body }, at) => {
    bytes += body?.length ?? 0;
    return at === 0 || bytes <= bytesMax;
  });
}
