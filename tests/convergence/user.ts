import type { Random } from "@tributary/kernel";
import { pause } from "../program/pause.ts";
import type { Site } from "../topology/tree.ts";
import { type Answer, FhirDoor, type Reading } from "./fhir-door.ts";
import type { Ledger } from "./ledger.ts";

/** Patients that everybody edits: few, so that users meet. */
const sharedPatients = 25;
const quickMs = 25;

/** Where a user types: every place holds one unique value. */
const places: readonly ((value: string) => Record<string, unknown>)[] = [
  (family) => ({ name: [{ use: "official", family }] }),
  (value) => ({ telecom: [{ system: "phone", use: "home", value }] }),
  (city) => ({ address: [{ use: "home", city }] }),
  (text) => ({ maritalStatus: { text } }),
  (value) => ({ identifier: [{ system: "urn:example:card", value }] }),
];

export interface UserOptions {
  readonly site: Site;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Between one thing that the user does and the next; quick by default. */
  readonly pauseMs?: number;
}

/** Somebody who works at one site: creates, edits, deletes, and writes down in the ledger what came of it. */
export class User {
  readonly #options: UserOptions;
  readonly #door: FhirDoor;
  #created = 0;

  constructor(options: UserOptions) {
    this.#options = options;
    this.#door = new FhirDoor(options.site);
  }

  /** Works, one thing after the other, until told to stop. */
  async work(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const chance = this.#options.random.next();
      if (chance < 0.55) await this.#edit(this.#somePatient());
      else if (chance < 0.65) await this.#remove(this.#somePatient());
      else if (chance < 0.8) await this.#admit();
      else await this.#observe(this.#somePatient());
      await pause(this.#options.pauseMs ?? quickMs);
    }
  }

  #somePatient(): string {
    return `Patient/shared-${Math.floor(this.#options.random.next() * sharedPatients)}`;
  }

  /** Changes one or two elements of what is there, or begins it. */
  async #edit(reference: string): Promise<void> {
    const { ledger, random } = this.#options;
    const seen = await this.#door.read(reference);
    if (seen.kind === "unreachable") return;
    const before = seen.kind === "there" ? (JSON.parse(seen.text) as Record<string, unknown>) : {};
    const fresh = random.next() < 0.7 ? [ledger.freshValue()] : [ledger.freshValue(), ledger.freshValue()];
    const first = Math.floor(random.next() * places.length);
    const changes = fresh.map((value, at) => places[(first + at) % places.length]!(value));
    const { meta: _, ...kept } = before;
    const body = Object.assign({}, kept, { resourceType: "Patient", id: reference.split("/")[1] }, ...changes);
    const answer = await this.#door.save(reference, body, seen.tag);
    this.#note(reference, "save", answer, seen, fresh, JSON.stringify(body));
  }

  async #remove(reference: string): Promise<void> {
    const seen = await this.#door.read(reference);
    if (seen.kind !== "there") return;
    const answer = await this.#door.remove(reference, seen.tag);
    this.#note(reference, "delete", answer, seen, [], "");
  }

  /** Registers somebody new, with a visit and what was found, in one transaction. */
  async #admit(): Promise<void> {
    const { ledger, site } = this.#options;
    this.#created += 1;
    const name = `${site.name}-${this.#created}`;
    const values = [ledger.freshValue(), ledger.freshValue(), ledger.freshValue()];
    const subject = { reference: `Patient/${name}` };
    const bodies: Record<string, unknown>[] = [
      anObservation(`${name}-o`, subject, values[2]!, `Encounter/${name}-e`),
      {
        resourceType: "Encounter",
        id: `${name}-e`,
        status: "finished",
        class: { code: "AMB" },
        subject,
        reasonCode: [{ text: values[1] }],
      },
      { resourceType: "Patient", id: name, name: [{ family: values[0] }] },
    ];
    const records = bodies.map((body) => ({ reference: `${body["resourceType"]}/${body["id"]}`, body }));
    const answer = await this.#door.saveTogether(records);
    for (const { reference, body } of records) {
      const text = JSON.stringify(body);
      this.#note(reference, "save", answer, undefined, ledger.valuesIn(text), text, name);
    }
  }

  /** Adds an observation about a patient who is there. */
  async #observe(patient: string): Promise<void> {
    const { ledger, site } = this.#options;
    if ((await this.#door.read(patient)).kind !== "there") return;
    this.#created += 1;
    const value = ledger.freshValue();
    const body = anObservation(`${site.name}-${this.#created}-s`, { reference: patient }, value);
    const reference = `Observation/${body["id"]}`;
    const answer = await this.#door.save(reference, body, undefined);
    this.#note(reference, "save", answer, undefined, [value], JSON.stringify(body));
  }

  #note(
    reference: string,
    kind: "save" | "delete",
    answer: Answer,
    seen: Reading | undefined,
    fresh: readonly string[],
    text: string,
    transaction?: string,
  ): void {
    if (answer === "refused") return;
    const { ledger, site } = this.#options;
    ledger.add({
      site: site.name,
      reference,
      kind,
      ending: answer === "done" ? "acknowledged" : "unknown",
      fresh,
      written: ledger.valuesIn(text),
      saw: seen?.kind === "there" ? ledger.valuesIn(seen.text) : seen?.kind === "deleted" ? "deleted" : "nothing",
      transaction,
    });
  }
}

function anObservation(id: string, subject: { readonly reference: string }, value: string, encounter?: string) {
  const at: Record<string, unknown> = encounter === undefined ? {} : { encounter: { reference: encounter } };
  return {
    resourceType: "Observation",
    id,
    status: "final",
    code: { text: "Note" },
    subject,
    ...at,
    valueString: value,
  } as Record<string, unknown>;
}
