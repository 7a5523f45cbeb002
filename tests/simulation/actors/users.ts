import type { JsonObject } from "@tributary/fhir";
import { type Place, places } from "../oracle/ledger.ts";
import { districts } from "../world/districts.ts";
import type { SimNode } from "../world/sim-node.ts";
import { bodyOf, FhirDoor, ignoreCrash, nothingSeen, type Writing } from "./fhir-door.ts";
import { moveTo, writeInto } from "./patient-body.ts";
import type { UserSurroundings } from "./user-surroundings.ts";

/** Of so many notes written into a patient's record one says that the patient is another one. */
const oneLinkIn = 4;

/** The nurses and clerks at every node: they register, edit and delete patients through the FHIR API alone. */
export class Users {
  readonly #surroundings: UserSurroundings;
  readonly #door: FhirDoor;
  #records = 0;

  constructor(surroundings: UserSurroundings) {
    this.#surroundings = surroundings;
    this.#door = new FhirDoor(surroundings);
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
    const { ending } = await this.#door.ask(node, () => node.fhir("POST", "", bundle));
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
    const { ending } = await this.#door.ask(node, () => node.fhir("POST", "", bundle));
    tell(`${node.name}: registers ${record} [${[...wrote.values()]}] ${ending}`);
    if (ending === "refused") return;
    ledger.note({ node: node.name, record, kind: "write", wrote, ...nothingSeen, isCertain: ending === "done" });
    ledger.transactions.push(entry.map(({ request }) => request.url));
    coverage.note("op.bundle");
  }

  async #edit(node: SimNode, record: string): Promise<void> {
    const { random, coverage } = this.#surroundings;
    const opened = await this.#door.open(node, record);
    if (!opened) return;
    const place = places[Math.floor(random.next() * places.length)]!;
    const also = random.next() < 0.3 ? [places[Math.floor(random.next() * places.length)]!] : [];
    const wrote = this.#tokens([place, ...also]);
    const isRevival = opened.body === undefined;
    if (isRevival && random.next() < 0.7) return;
    const isStale = !isRevival && random.next() < 0.05;
    if (isStale) {
      const headers = { "if-match": 'W/"9999"' };
      const { ending } = await this.#door.ask(node, () =>
        node.fhir("PUT", record, bodyOf(record, opened.body), headers),
      );
      if (ending === "done") throw new Error("A write with a stale If-Match was taken.");
      coverage.note("op.stale-if-match");
      return;
    }
    await this.#write(node, record, opened.body ?? { resourceType: "Patient" }, wrote, { ...opened, isRevival });
    coverage.note(isRevival ? "op.revive" : "op.edit");
  }

  async #delete(node: SimNode, record: string): Promise<void> {
    const { ledger, coverage, tell } = this.#surroundings;
    const opened = await this.#door.open(node, record);
    if (!opened?.body) return;
    // Of what came between nobody could say whether it was meant to go too.
    const headers = opened.etag ? { "if-match": opened.etag } : {};
    const remove = () => node.fhir("DELETE", record, undefined, headers);
    const { ending, version } = await this.#door.ask(node, remove, opened.etag);
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
    const body = structuredClone(from);
    for (const [place, token] of wrote) writeInto(body, place, token);
    if (this.#surroundings.hasDistricts && wrote.has("address")) this.#move(body);
    const note = wrote.get("note");
    if (etag && note && !this.#surroundings.hasDistricts) await this.#link(node, body, note);
    await this.#door.put(node, record, body, wrote, { saw, sawDeletions, etag, isRevival });
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

  #tokens(where: readonly Place[]): Map<Place, string> {
    return new Map(where.map((place) => [place, this.#surroundings.ledger.newToken(place)]));
  }

  #newRecord(node: SimNode): string {
    this.#records += 1;
    return `Patient/${node.name}-p${this.#records}`;
  }
}
