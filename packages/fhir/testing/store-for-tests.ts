import { type Database, migrate } from "@tributary/database";
import { EventBus } from "@tributary/events";
import { type NodeId, systemClock } from "@tributary/kernel";
import { fhirMigrations } from "../src/migrations.ts";
import type { JsonObject } from "../src/model/json-value.ts";
import { toStoredResource, toStoredText } from "../src/model/stored-text.ts";
import type { DeleteChange, Expected, SaveChange } from "../src/store/resource-change.ts";
import { ResourceStore } from "../src/store/resource-store.ts";

/** A store with a bus of its own over an empty database. */
export interface StoreForTests {
  readonly store: ResourceStore;
  readonly bus: EventBus;
}

/** Makes the FHIR tables and a store over them. */
export async function storeForTests(database: Database, nodeId = "here"): Promise<StoreForTests> {
  await migrate(database, fhirMigrations);
  const bus = new EventBus();
  return { bus, store: new ResourceStore({ nodeId: nodeId as NodeId, bus, clock: systemClock }) };
}

/** A Patient that states only what matters to the case. */
export function aPatient(id: string, members: JsonObject = {}): JsonObject {
  return { resourceType: "Patient", id, ...members };
}

/** The change that saves a resource as it is. */
export function saving(resource: JsonObject, expected?: Expected): SaveChange {
  const key = { type: String(resource["resourceType"]), id: String(resource["id"]) };
  const body = toStoredText(JSON.stringify(resource), resource, key.id);
  const change = { kind: "save", key, body, resource: toStoredResource(structuredClone(resource), key.id) } as const;
  return expected === undefined ? change : { ...change, expected };
}

/** The change that deletes `Type/id`. */
export function deleting(type: string, id: string, expected?: number): DeleteChange {
  const change = { kind: "delete", key: { type, id } } as const;
  return expected === undefined ? change : { ...change, expected };
}
