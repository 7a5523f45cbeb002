import type { EventBus, EventDraft, Outbox } from "@tributary/events";
import { type ResourceDeleted, type ResourceSaved, resourceDeleted, resourceSaved } from "@tributary/fhir";
import type { Memberships } from "@tributary/sync";
import type { NodeConfig } from "../config/config-schema.ts";

type Categories = NodeConfig["feed"]["categories"];
type Streams = NonNullable<EventDraft["streams"]>;

const defaultContent = "/fhir/{type}/{id}";

/**
 * Joins bus and outbox: from here on every change of a record is announced in the transaction that makes it, in the
 * streams of the catchments that then hold its patient.
 */
export function announceResources(
  bus: EventBus,
  outbox: Outbox,
  categories: Categories,
  memberships: Pick<Memberships, "streamsOf">,
): void {
  bus.on(
    resourceSaved.any,
    "within-transaction",
    outbox.listener((event, tx) => savedDraft(event, categories, memberships.streamsOf(tx, event))),
  );
  bus.on(
    resourceDeleted,
    "within-transaction",
    outbox.listener((event, tx) => deletedDraft(event, categories, memberships.streamsOf(tx, event))),
  );
}

/** How the saving of a record is announced, by the configured categories. */
export function savedDraft(event: ResourceSaved, categories: Categories, streams: Streams): EventDraft {
  const { operation, bodyHash } = event;
  return { eventType: "resource.saved", operation, bodyHash, streams, ...commonDraft(event, categories) };
}

/** How the deletion of a record is announced. */
export function deletedDraft(event: ResourceDeleted, categories: Categories, streams: Streams): EventDraft {
  return { eventType: "resource.deleted", operation: "delete", streams, ...commonDraft(event, categories) };
}

function commonDraft(event: ResourceSaved | ResourceDeleted, categories: Categories) {
  const { type, id } = event.key;
  const configured = categories[type] ?? {};
  return {
    category: configured.category ?? type.toLowerCase(),
    title: configured.title ?? type,
    content: fillIn(configured.content ?? defaultContent, { type, id, version: String(event.version) }),
    orderKey: event.patient === null ? `${type}/${id}` : `Patient/${event.patient}`,
    entity: { type, id },
    version: event.version,
    originNode: event.originNode,
    ...(event.changeSet === undefined ? {} : { changeSet: event.changeSet }),
    ...(event.originOperation === null ? {} : { originOperation: event.originOperation }),
  };
}

function fillIn(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
