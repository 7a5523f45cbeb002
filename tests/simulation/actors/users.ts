import type { JsonObject } from "@tributary/fhir";
import type { HttpResponse, Random } from "@tributary/kernel";
import type { Coverage } from "../coverage.ts";
import { type Ledger, type Place, places, tokensIn } from "../oracle/ledger.ts";
import { districts } from "../world/districts.ts";
import { Crash } from "../world/sim-disk.ts";
import type { SimNode } from "../world/sim-node.ts";
import { moveTo, writeInto } from "./patient-body.ts";

/** Of so many notes written into a patient's record one says that the patient is another one. */
const oneLinkIn = 4;

/** What users need to know of the world. */
export interface UserSurroundings {
  readonly ledger: Ledger;
  readonly random: Random;
  readonly coverage: Coverage;
  readonly tell: (what: string) => void;
  /** Whether nodes have catchments, so that it matters where patients live. */
  readonly hasDistricts: boolean;
}

/** How a request ended: nothing was done, it was, or the node died and nobody knows. */
type Ending = "done" | "refused" | "unknown";

interface Asked {
  readonly ending: Ending;
  /** The version that it made, when the node said so. */
  readonly version: number | undefined;
}

/** What a user found when opening a record. */
interface Opened {
  readonly body: JsonObject | undefined;
  readonly etag: string | undefined;
  readonly saw: ReadonlySet<string>;
  readonly sawDeletions: ReadonlySet<number>;
}

/** What a writer saw, and whether it was a deleted record. */
type Writing = Omit<Opened, "body" | "etag"> & { readonly etag?: string | undefined; readonly isRevival?: boolean };

/** The nurses and clerks at every node: they register, edit and delete patients through the FHIR API alone. */
export class Users {
  readonly #surroundings: UserSurroundings;
  #records = 0;

  constructor(surroundings: UserSurroundings) {
    this.#surroundings = surroundings;
  }

  /** One user at one node does one thing. */
  async act(node: SimNode): Promise<void> {
    const { random, ledger } = this.#surroundings;
    const roll = random.next();
    const known = ledger.records.filter((record) => record.startsWith("Patient/"));
    if (known.length === 0 || roll < 0.2) return this.#create(node);
    if (roll < 0.3) return this.#register(node);
    const record = known[Math.floor(random.next() * known.length)]!;
    if (roll < 0.42) return this.#delete(node, record);
    return this.#edit(node, record);
  }

  /** Lets a node have many patients from the beginning. */
  async registerCrowd(node: SimNode, patients: number): Promise<void> {
    const { coverage, ledger, hasDistricts } = this.#surroundings;
    const entry: JsonObject[] = [];
    for (let count = 0; count < patients; count++) {
      const record = this.#newRecord(node);
      const wrote = this.#tokens(["name"]);
      const resource: JsonObject = { resourceType: "Patient", id: record.slice("Patient/".length) };
      for (const [place, token] of wrote) writeInto(resource, place, token);
      if (hasDistricts) this.#move(resource);
      entry.push({ resource, request: { method: "PUT", url: record } });
      ledger.note({ node: node.name, record, kind: "write", wrote, ...nothingSeen, isCertain: true });
    }
    const bundle = JSON.stringify({ resourceType: "Bundle", type: "transaction", entry });
    const { ending } = await this.#ask(node, () => node.fhir("POST", "", bundle));
    if (ending !== "done") throw new Error(`${node.name} did not take the crowd.`);
    ledger.transactions.push(entry.map(({ request }) => (request as { url: string }).url));
    coverage.note("op.crowd");
  }

  async #create(node: SimNode): Promise<void> {
    const { coverage } = this.#surroundings;
    const record = this.#newRecord(node);
    const wrote = this.#tokens(this.#surroundings.hasDistricts ? ["name", "address"] : ["name", "note"]);
    await this.#write(node, record, { resourceType: "Patient" }, wrote, nothingSeen);
    coverage.note("op.create");
  }

  /** A registration: a patient, an encounter and an observation in one transaction. */
  async #register(node: SimNode): Promise<void> {
    const { coverage, ledger, tell } = this.#surroundings;
    const record = this.#newRecord(node);
    const wrote = this.#tokens(this.#surroundings.hasDistricts ? ["name", "address"] : ["name", "telecom"]);
    const id = record.slice("Patient/".length);
    const patient: JsonObject = { resourceType: "Patient", id };
    for (const [place, token] of wrote) writeInto(patient, place, token);
    if (this.#surroundings.hasDistricts) this.#move(patient);
    const subject = { reference: record };
    const encounter = {
      resourceType: "Encounter",
      id: `e-${id}`,
      status: "finished",
      class: { code: "AMB" },
      subject,
    };
    const observation = {
      resourceType: "Observation",
      id: `o-${id}`,
      status: "final",
      code: { text: "weight" },
      subject,
      encounter: { reference: `Encounter/e-${id}` },
    };
    // Whatever comes first: a program that only follows references does well with one order of them.
    const written = [observation, encounter, patient];
    if (this.#records % 2 === 0) written.reverse();
    const entry = written.map((resource) => ({
      resource,
      request: { method: "PUT", url: `${resource["resourceType"]}/${resource["id"]}` },
    }));
    const bundle = JSON.stringify({ resourceType: "Bundle", type: "transaction", entry });
    const { ending } = await this.#ask(node, () => node.fhir("POST", "", bundle));
    tell(`${node.name}: registers ${record} [${[...wrote.values()]}] ${ending}`);
    if (ending === "refused") return;
    ledger.note({ node: node.name, record, kind: "write", wrote, ...nothingSeen, isCertain: ending === "done" });
    ledger.transactions.push(entry.map(({ request }) => request.url));
    coverage.note("op.bundle");
  }

  async #edit(node: SimNode, record: string): Promise<void> {
    const { random, coverage } = this.#surroundings;
    const opened = await this.#open(node, record);
    if (!opened) return;
    const place = places[Math.floor(random.next() * places.length)]!;
    const also = random.next() < 0.3 ? [places[Math.floor(random.next() * places.length)]!] : [];
    const wrote = this.#tokens([place, ...also]);
    const isRevival = opened.body === undefined;
    if (isRevival && random.next() < 0.7) return;
    const isStale = !isRevival && random.next() < 0.05;
    if (isStale) {
      const headers = { "if-match": 'W/"9999"' };
      const { ending } = await this.#ask(node, () => node.fhir("PUT", record, bodyOf(record, opened.body), headers));
      if (ending === "done") throw new Error("A write with a stale If-Match was taken.");
      coverage.note("op.stale-if-match");
      return;
    }
    await this.#write(node, record, opened.body ?? { resourceType: "Patient" }, wrote, { ...opened, isRevival });
    coverage.note(isRevival ? "op.revive" : "op.edit");
  }

  async #delete(node: SimNode, record: string): Promise<void> {
    const { ledger, coverage, tell } = this.#surroundings;
    const opened = await this.#open(node, record);
    if (!opened?.body) return;
    const { ending, version } = await this.#ask(node, () => node.fhir("DELETE", record), opened.etag);
    tell(`${node.name}: deletes ${record} ${ending}`);
    if (ending === "refused") return;
    const { saw, sawDeletions } = opened;
    const wrote = new Map<Place, string>();
    ledger.note({
      node: node.name,
      record,
      kind: "delete",
      wrote,
      saw,
      sawDeletions,
      isCertain: ending === "done",
      version,
    });
    coverage.note("op.delete");
  }

  async #write(
    node: SimNode,
    record: string,
    from: JsonObject,
    wrote: ReadonlyMap<Place, string>,
    { saw, sawDeletions, etag, isRevival = false }: Writing,
  ): Promise<void> {
    const { ledger, random, tell } = this.#surroundings;
    const body = structuredClone(from);
    for (const [place, token] of wrote) writeInto(body, place, token);
    if (this.#surroundings.hasDistricts && wrote.has("address")) this.#move(body);
    const note = wrote.get("note");
    if (etag && note && !this.#surroundings.hasDistricts) await this.#link(node, body, note);
    const headers = etag && !isRevival && random.next() < 0.7 ? { "if-match": etag } : {};
    const put = () => node.fhir("PUT", record, bodyOf(record, body), headers);
    const { ending, version } = await this.#ask(node, put, etag);
    tell(`${node.name}: writes ${record} [${[...wrote.values()]}] ${ending}`);
    if (ending === "refused") return;
    const isCertain = ending === "done";
    ledger.note({ node: node.name, record, kind: "write", wrote, saw, sawDeletions, isCertain, version });
  }

  /** Two patients turn out to be one: the record of which less is known points to the other. */
  async #link(node: SimNode, patient: JsonObject, note: string): Promise<void> {
    const { ledger, coverage } = this.#surroundings;
    const chance = Number(/\d+/.exec(note)?.[0]);
    if (chance % oneLinkIn > 0) return;
    const others = ledger.records.filter((record) => record.startsWith("Patient/"));
    const other = others[chance % others.length]!;
    const found = await node.fhir("GET", other).catch(ignoreCrash);
    if (found?.status !== 200) return;
    patient["link"] = [{ other: { reference: other }, type: "replaced-by" }];
    patient["active"] = false;
    coverage.note("op.link");
  }

  /** Whoever has a new address may live in another district. */
  #move(patient: JsonObject): void {
    const { random, coverage } = this.#surroundings;
    if (random.next() < 0.3) return;
    coverage.note("op.move");
    moveTo(patient, districts[Math.floor(random.next() * districts.length)]!);
  }

  async #open(node: SimNode, record: string): Promise<Opened | undefined> {
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
      body: JSON.parse(text) as JsonObject,
      etag: answer.headers["etag"],
      saw,
      sawDeletions: new Set(seen.flatMap(({ sawDeletions }) => [...sawDeletions])),
    };
  }

  /** What is known of a request afterwards; throws when the node answers what no node may answer. */
  async #ask(node: SimNode, request: () => Promise<HttpResponse>, before?: string): Promise<Asked> {
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

  #tokens(where: readonly Place[]): Map<Place, string> {
    return new Map(where.map((place) => [place, this.#surroundings.ledger.newToken(place)]));
  }

  #newRecord(node: SimNode): string {
    this.#records += 1;
    return `Patient/${node.name}-p${this.#records}`;
  }
}

const nothingSeen = { saw: new Set<string>(), sawDeletions: new Set<number>() };

function bodyOf(record: string, body: JsonObject | undefined): string {
  const { meta: _, ...rest } = body ?? { resourceType: "Patient" };
  return JSON.stringify({ ...rest, id: record.slice("Patient/".length) });
}

/** The number in an entity tag; 0 without one. */
function versionIn(etag: string | undefined): number {
  return Number(/\d+/.exec(etag ?? "")?.[0] ?? 0);
}

function ignoreCrash(error: unknown): undefined {
  if (!(error instanceof Crash)) throw error;
}
