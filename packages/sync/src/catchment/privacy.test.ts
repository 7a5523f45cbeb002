import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Database, openDatabase, sql } from "@tributary/database";
import { describeOnEachDatabase, makeTestDatabase } from "@tributary/database/testing";
import { type Logger, type Random, seededRandom } from "@tributary/kernel";
import { expect, it } from "vitest";
import {
  assign,
  endPasses,
  enrol,
  moveAll,
  type NodeForTests,
  openNodeForTests,
  setCatchment,
  synchronizerOf,
} from "../../testing/index.ts";
import type { Exchange } from "../line/exchange.ts";
import type { Synchronizer } from "../synchronizer.ts";

const live = new AbortController().signal;
const cities = ["Kisumu", "Nairobi", "Mombasa"];
const patients = Array.from({ length: 12 }, (_, n) => `p${n}`);
const steps = 60;
const seeds = [1, 2, 3];

/** A text that stands in every record of a patient and nowhere else. */
const canaryOf = (patient: string) => `canary-${patient}-yranac`;
const canaries = /canary-(p\d+)-yranac/g;

interface Clinic {
  readonly node: NodeForTests;
  readonly synchronizer: Synchronizer;
  readonly received: string[];
  readonly logged: string[];
  catchment: string;
  readonly folder: string | undefined;
}

/** Every patient whose token stands in a text. */
function patientsIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(canaries)].map((found) => found[1]!));
}

async function storedAt({ node, folder }: Clinic): Promise<string> {
  if (folder === undefined) return allRows(node.database);
  return readdirSync(folder)
    .map((file) => readFileSync(`${folder}/${file}`, "latin1"))
    .join("\n");
}

const tableNames = sql("select table_name as name from information_schema.tables where table_schema = 'public'");

async function allRows(database: Database): Promise<string> {
  const tables = await database.all<{ name: string }>(tableNames);
  const rows = await Promise.all(tables.map(({ name }) => database.all(sql(`select t::text as row from "${name}" t`))));
  return JSON.stringify(rows);
}

const aPatient = (id: string, city: string, text: string) => ({
  resourceType: "Patient",
  id,
  name: [{ family: canaryOf(id), given: [text] }],
  identifier: [{ system: "urn:id", value: canaryOf(id) }],
  address: [{ city, country: "Kenya" }],
});
const aNote = (id: string, patient: string, text: string) => ({
  resourceType: "Observation",
  id,
  status: "final",
  code: { text: `${canaryOf(patient)} ${text}` },
  subject: { reference: `Patient/${patient}`, display: canaryOf(patient) },
});

describeOnEachDatabase("nothing of a patient", (_, dialect) => {
  async function openAll(stack: AsyncDisposableStack, random: Random) {
    const open = async (name: string) => {
      const place = stack.use(await makeTestDatabase(dialect));
      const database = stack.use(await openDatabase({ address: place.address }));
      const folder = dialect === "sqlite" ? dirname(place.address) : undefined;
      return { node: await openNodeForTests(database, name), folder };
    };
    const { node: parent } = await open("centre");
    for (const city of cities)
      await setCatchment(parent, city.toLowerCase(), { location: { address: `*%*%*%${city}` } });
    const clinics: Clinic[] = [];
    for (const city of cities) {
      const { node, folder } = await open(`clinic-${city.toLowerCase()}`);
      await enrol(node, parent);
      await assign(parent, node, city.toLowerCase());
      const received: string[] = [];
      const logged: string[] = [];
      const tapped: Exchange = async (request, signal) => {
        const answer = await parent.answer(request, signal);
        received.push(`${JSON.stringify(answer.headers)}${Buffer.from(answer.body).toString("latin1")}`);
        return answer;
      };
      const log = (fields: object, message: string) => void logged.push(JSON.stringify(fields), message);
      const logger: Logger = { debug: log, info: log, warn: log, error: log };
      const synchronizer = stack.use(synchronizerOf(node, tapped, { logger, random }));
      clinics.push({ node, synchronizer, received, logged, catchment: city.toLowerCase(), folder });
    }
    return { parent, clinics };
  }

  it.each(seeds)("[S107] [S108] is received, stored or logged where it does not belong (seed %i)", async (seed) => {
    await using stack = new AsyncDisposableStack();
    const random = seededRandom(seed);
    const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random.next() * items.length)]!;
    const { parent, clinics } = await openAll(stack, random);
    const home = new Map<string, string>();
    const rules = new Map(cities.map((city) => [city.toLowerCase(), city]));
    const belongs = (clinic: Clinic, patient: string) => rules.get(clinic.catchment) === home.get(patient);
    const put = async (patient: string, city: string, text: string) => {
      home.set(patient, city);
      await parent.save(aPatient(patient, city, text));
    };
    for (const patient of patients) await put(patient, pick(cities), "first");

    for (let step = 0; step < steps; step++) {
      const patient = pick(patients);
      const clinic = pick(clinics);
      switch (pick(["edit", "move", "note", "note", "own-edit", "own-edit", "round", "round", "rules", "reassign"])) {
        case "edit":
          await put(patient, home.get(patient)!, `edit ${step}`);
          break;
        case "move":
          await put(patient, pick(cities), `moved ${step}`);
          break;
        case "note":
          await parent.save(aNote(`n${step}`, patient, `note ${step}`));
          break;
        case "own-edit": {
          const here = await clinic.node.store.read(clinic.node.database, { type: "Patient", id: patient });
          if (here?.body) await clinic.node.save(aNote(`own${step}`, patient, `own ${step}`));
          break;
        }
        case "rules": {
          const [one, other] = [pick(cities).toLowerCase(), pick(cities)];
          rules.set(one, other);
          await setCatchment(parent, one, { location: { address: `*%*%*%${other}` } });
          break;
        }
        case "reassign":
          clinic.catchment = pick(cities).toLowerCase();
          await assign(parent, clinic.node, clinic.catchment);
          break;
        case "round":
          await roundOf(clinic);
      }
    }
    for (const clinic of clinics) await roundOf(clinic);
    for (const clinic of clinics) await roundOf(clinic);

    for (const clinic of clinics) {
      const own = patients.filter((patient) => belongs(clinic, patient));
      const held = Object.keys(await clinic.node.bodies()).filter((name) => name.startsWith("Patient/"));
      expect(held.sort()).toEqual(own.map((patient) => `Patient/${patient}`).sort());
      expect([...patientsIn(await storedAt(clinic))].sort()).toEqual(own.sort());
      expect([...patientsIn(clinic.logged.join("\n"))]).toEqual([]);
    }

    async function roundOf(clinic: Clinic) {
      await endPasses(parent);
      clinic.received.length = 0;
      await clinic.synchronizer.pushOnce(live);
      await moveAll(parent.database);
      await clinic.synchronizer.pullOnce(live);
      await moveAll(clinic.node.database);
      for (const patient of patientsIn(clinic.received.join("\n"))) {
        expect(belongs(clinic, patient), `${clinic.node.id} was told of ${patient} (seed ${seed})`).toBe(true);
      }
      for (const patient of patientsIn(await storedAt(clinic))) {
        expect(belongs(clinic, patient), `${clinic.node.id} holds ${patient} (seed ${seed})`).toBe(true);
      }
    }
  });
});
