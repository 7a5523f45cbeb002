import type { ExtractResource, Resource, ResourceType } from "@medplum/fhirtypes";
import { type EventType, eventType } from "@tributary/events";
import type { ResourceKey } from "../model/resource-key.ts";
import type { InChangeSet } from "./resource-change.ts";

/** A resource was created or updated; `version` is now the current one. */
export interface ResourceSaved<R extends Resource = Resource> extends InChangeSet {
  readonly key: ResourceKey;
  readonly version: number;
  readonly operation: "create" | "update";
  /** The resource without the server's `meta.versionId` and `meta.lastUpdated`. Shared by all listeners: never change it. */
  readonly resource: R;
  readonly bodyHash: string;
  /** The node on which this content was written; another one's when it came by synchronization. */
  readonly originNode: string;
  readonly originOperation: string | null;
  /** The id of the Patient in whose compartment the resource is, the Patient itself included. */
  readonly patient: string | null;
  /** The patient in whose compartment its version before this one was; `null` for a new record. */
  readonly formerPatient: string | null;
}

/** A resource was deleted; its history can still be read. */
export interface ResourceDeleted extends InChangeSet {
  readonly key: ResourceKey;
  readonly version: number;
  readonly originNode: string;
  readonly originOperation: string | null;
  /** The patient in whose compartment the resource was. */
  readonly patient: string | null;
}

/** The TypeScript type of a resource type's resources. */
export type ResourceOf<T extends ResourceType> = ExtractResource<T>;

const savedAny = eventType<ResourceSaved>("resource.saved");
const savedByType = new Map<string, EventType<ResourceSaved>>();

/** Told when a resource has been created or updated: `of("Patient")` for one type, `any` for all. */
export const resourceSaved = {
  any: savedAny,
  of<T extends ResourceType>(type: T): EventType<ResourceSaved<ResourceOf<T>>> {
    return savedOf(type) as unknown as EventType<ResourceSaved<ResourceOf<T>>>;
  },
};

/** Told when a resource has been deleted. */
export const resourceDeleted: EventType<ResourceDeleted> = eventType<ResourceDeleted>("resource.deleted");

/** The event type of a resource type that is only known at run time. */
export function savedOf(type: string): EventType<ResourceSaved> {
  let known = savedByType.get(type);
  if (!known) {
    known = eventType<ResourceSaved, ResourceSaved>(`resource.saved ${type}`, savedAny);
    savedByType.set(type, known);
  }
  return known;
}
