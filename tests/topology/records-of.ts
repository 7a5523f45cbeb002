import { verifyAuditChain } from "@tributary/audit";
import { allFeed, EventBus, readFeedHead, readFeedRange } from "@tributary/events";
import { ResourceStore } from "@tributary/fhir";
import { type NodeId, systemClock } from "@tributary/kernel";
import { openNodeDatabase, readConfig } from "@tributary/runtime";

/** What a node's database holds, read beside or after the process that served from it. */
export interface Holdings {
  /** Every version of every record, newest first, by `Type/id`. */
  readonly versions: ReadonlyMap<string, readonly { readonly version: number; readonly body: string | undefined }[]>;
  /** The announced changes as `Type/id version`, in the order of their positions. */
  readonly announced: readonly string[];
  readonly auditChain: string;
}

/** The current stored text of every living record. */
export function bodiesOf({ versions }: Holdings): Record<string, string> {
  const living = [...versions].flatMap(([name, [newest]]) =>
    newest?.body === undefined ? [] : [[name, newest.body] as const],
  );
  return Object.fromEntries(living.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export async function holdingsOf(folder: string): Promise<Holdings> {
  await using database = await openNodeDatabase(await readConfig(folder));
  const store = new ResourceStore({ nodeId: "observer" as NodeId, bus: new EventBus(), clock: systemClock });
  const versions = new Map<string, { version: number; body: string | undefined }[]>();
  for (const { stored } of await store.history(database, { limit: 1_000_000 })) {
    const name = `${stored.key.type}/${stored.key.id}`;
    versions.set(name, [...(versions.get(name) ?? []), { version: stored.version, body: stored.body }]);
  }
  for (const list of versions.values()) list.sort((a, b) => b.version - a.version);
  const entries = await readFeedRange(database, allFeed, 1, await readFeedHead(database, allFeed));
  return {
    versions,
    announced: entries.map(({ record }) => `${record.entityType}/${record.entityId} ${record.version}`),
    auditChain: (await verifyAuditChain(database)).kind,
  };
}
