import { type Reader, sql, type Transaction } from "@tributary/database";
import type { KnownInstance } from "./decide-instance.ts";
import type { ToldInstance } from "./instance-header.ts";

/** Installations of one child that stay turned away; nobody copies a clinic so often. */
const refusedMax = 100;

interface InstanceRow {
  readonly instance: string;
  readonly former: string;
  readonly refused: string;
  readonly incarnation: string;
  readonly contested_at: number | null;
  readonly counter: number | null;
}

const readOne = sql(`
  select i.instance, i.former, i.refused, i.incarnation, i.contested_at, c.counter
  from child_instances i
  left join child_incarnations c on c.node = i.node and c.incarnation = $2
  where i.node = $1`);
const putOne = sql(`
  insert into child_instances (node, instance, former, incarnation, contested_at) values ($1, $2, $3, $4, $5)
  on conflict (node) do update set
    instance = excluded.instance, former = excluded.former, incarnation = excluded.incarnation,
    contested_at = coalesce(child_instances.contested_at, excluded.contested_at)`);
const putCounter = sql(`
  insert into child_incarnations (node, incarnation, counter) values ($1, $2, $3)
  on conflict (node, incarnation) do update set counter = excluded.counter
  where child_incarnations.counter < excluded.counter`);
const dropOne = sql("delete from child_instances where node = $1");
const accept = sql(`
  update child_instances set instance = $2, former = '[]', refused = $3, contested_at = null where node = $1`);
const readRefused = sql("select refused from child_instances where node = $1");
const readContested = sql(`
  select node, instance, former, contested_at from child_instances where contested_at is not null order by node`);

/** A child of which two installations are at work, and neither is answered. */
export interface ContestedChild {
  readonly node: string;
  /** The one that spoke last, and those before it. */
  readonly instances: readonly string[];
  /** Milliseconds since 1970. */
  readonly contestedAt: number;
}

/** What is known of the installation that speaks for a child, with the counter of the incarnation that it tells. */
export async function readChildInstance(
  reader: Reader,
  node: string,
  incarnation: string,
): Promise<KnownInstance | undefined> {
  const row = await reader.first<InstanceRow>(readOne, [node, incarnation]);
  return (
    row && {
      instance: row.instance,
      former: JSON.parse(row.former) as string[],
      refused: JSON.parse(row.refused) as string[],
      incarnation: row.incarnation,
      isContested: row.contested_at !== null,
      counter: row.counter ?? 0,
    }
  );
}

/** Remembers the installation that speaks for a child now. */
export async function putChildInstance(
  tx: Transaction,
  node: string,
  { instance, former, incarnation, isContested }: Omit<KnownInstance, "counter">,
  now: number,
): Promise<void> {
  await tx.run(putOne, [node, instance, JSON.stringify(former), incarnation, isContested ? now : null]);
}

/** Remembers how many operations a child has named. */
export async function putChildCounter(
  tx: Transaction,
  node: string,
  { incarnation, counter }: Pick<ToldInstance, "incarnation" | "counter">,
): Promise<void> {
  if (incarnation !== "") await tx.run(putCounter, [node, incarnation, counter]);
}

/** Forgets who spoke for a child, when it enrols anew: its old key, and whoever else has it, is worth nothing any more. */
export async function forgetChildInstance(tx: Transaction, node: string): Promise<void> {
  await tx.run(dropOne, [node]);
}

/** The children of which two installations are at work. */
export async function listContestedChildren(reader: Reader): Promise<ContestedChild[]> {
  const rows = await reader.all<InstanceRow & { readonly node: string }>(readContested);
  return rows.map((row) => ({
    node: row.node,
    instances: [row.instance, ...(JSON.parse(row.former) as string[])],
    contestedAt: row.contested_at ?? 0,
  }));
}

/**
 * Decides which installation of a child is the one; the others stay refused for ever. `undefined` when the child is not
 * contested or has no such installation.
 */
export async function acceptInstance(
  tx: Transaction,
  node: string,
  instance: string,
): Promise<ContestedChild | undefined> {
  const child = (await listContestedChildren(tx)).find((one) => one.node === node);
  if (!child?.instances.includes(instance)) return undefined;
  const row = await tx.first<Pick<InstanceRow, "refused">>(readRefused, [node]);
  const before = JSON.parse(row?.refused ?? "[]") as string[];
  const others = child.instances.filter((one) => one !== instance);
  await tx.run(accept, [node, instance, JSON.stringify([...others, ...before].slice(0, refusedMax))]);
  return child;
}
