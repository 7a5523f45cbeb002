import type { JsonObject } from "@tributary/fhir";
import type { HttpResponse } from "@tributary/kernel";
import { type Place, tokensIn } from "../oracle/ledger.ts";
import { Crash } from "../world/sim-disk.ts";
import type { SimNode } from "../world/sim-node.ts";
import { cutWhatIsRefused } from "./patient-body.ts";
import type { UserSurroundings } from "./user-surroundings.ts";

/** How a request ended: nothing was done, it was, or the node died and nobody knows. */
type Ending = "done" | "refused" | "unknown";

interface Asked {
  readonly ending: Ending;
  /** The version that it made, when the node said so. */
  readonly version: number | undefined;
}

/** What a user found when opening a record. */
export interface Opened {
  readonly body: JsonObject | undefined;
  readonly etag: string | undefined;
  readonly saw: ReadonlySet<string>;
  readonly sawDeletions: ReadonlySet<number>;
}

/** What a writer saw, and whether it was a deleted record. */
export type Writing = Omit<Opened, "body" | "etag"> & {
  readonly etag?: string | undefined;
  readonly isRevival?: boolean;
  /** Whether it says that the record was a mistake. */
  readonly isVoid?: boolean;
};

/** Who never looked. */
export const nothingSeen = { saw: new Set<string>(), sawDeletions: new Set<number>() };

/** The way to a node's records that users' programs take: they read, write what they read, and note what became of it. */
export class FhirDoor {
  readonly #surroundings: UserSurroundings;

  constructor(surroundings: UserSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Reads a record; `undefined` where there is none. */
  async open(node: SimNode, record: string): Promise<Opened | undefined> {
    const { ledger } = this.#surroundings;
    const answer = await node.fhir("GET", record).catch(ignoreCrash);
    if (!answer || (answer.status !== 200 && answer.status !== 410)) return undefined;
    if (answer.status === 410) {
      // The deletion that is seen may stand for several; which of them cannot be told from outside.
      const deletions = ledger.of(record).filter(({ kind }) => kind === "delete");
      return {
        body: undefined,
        etag: answer.headers["etag"],
        saw: new Set(deletions.flatMap(({ saw }) => [...saw])),
        sawDeletions: new Set(deletions.map(({ number }) => number)),
      };
    }
    const text = String(answer.body);
    const saw = tokensIn(text);
    const seen = ledger.of(record).filter(({ wrote }) => [...wrote.values()].some((token) => saw.has(token)));
    return {
      body: cutWhatIsRefused(JSON.parse(text) as JsonObject),
      etag: answer.headers["etag"],
      saw,
      sawDeletions: new Set(seen.flatMap(({ sawDeletions }) => [...sawDeletions])),
    };
  }

  /** Saves a record, mostly only over the version that was read, and enters it into the ledger. */
  async put(
    node: SimNode,
    record: string,
    body: JsonObject,
    wrote: ReadonlyMap<Place, string>,
    { saw, sawDeletions, etag, isRevival = false, isVoid = false }: Writing,
  ): Promise<boolean> {
    const { ledger, random, tell } = this.#surroundings;
    const headers = etag && !isRevival && random.next() < 0.7 ? { "if-match": etag } : {};
    const save = () => node.fhir("PUT", record, bodyOf(record, body), headers);
    const { ending, version } = await this.ask(node, save, etag);
    tell(`${node.name}: writes ${record} [${[...wrote.values()]}] ${ending}`);
    if (ending === "refused") return false;
    const isCertain = ending === "done";
    ledger.note({ node: node.name, record, kind: "write", wrote, saw, sawDeletions, isCertain, version, isVoid });
    return true;
  }

  /** What is known of a request afterwards; throws when the node answers what no node may answer. */
  async ask(node: SimNode, request: () => Promise<HttpResponse>, before?: string): Promise<Asked> {
    const unknown = { ending: "unknown", version: versionIn(before) + 1 } as const;
    try {
      const { status, headers, body } = await request();
      if (status < 300)
        return node.isUp ? { ending: "done", version: versionIn(headers["etag"]) || undefined } : unknown;
      if (status === 412) return { ending: "refused", version: undefined };
      if (status === 403 && node.mayPurge && String(body).includes("has left this node's catchment")) {
        this.#surroundings.coverage.note("op.edit-after-exit");
        return { ending: "refused", version: undefined };
      }
      if (status >= 500) return node.isUp ? { ending: "refused", version: undefined } : unknown;
      throw new Error(`${node.name} answered ${status}: ${String(body)}`);
    } catch (error) {
      if (error instanceof Crash) return unknown;
      throw error;
    }
  }
}

/** A record as it is sent, without what the server adds. */
export function bodyOf(record: string, body: JsonObject | undefined): string {
  const { meta: _, ...rest } = body ?? { resourceType: "Patient" };
  return JSON.stringify({ ...rest, id: record.slice(record.indexOf("/") + 1) });
}

/** The number in an entity tag; 0 without one. */
function versionIn(etag: string | undefined): number {
  return Number(/\d+/.exec(etag ?? "")?.[0] ?? 0);
}

/** Lets a node die of a request. */
export function ignoreCrash(error: unknown): undefined {
  if (!(error instanceof Crash)) throw error;
}
