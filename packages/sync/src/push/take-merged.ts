import type { Transaction } from "@tributary/database";
import { bodyHashOf, parseReference, type ResourceStore, whichExist } from "@tributary/fhir";
import type { LinkBase } from "../pull/link-base.ts";
import { literalReferencesIn } from "./literal-references.ts";
import type { RecordVerdict } from "./push-unit.ts";

export interface TakeMergedOptions {
  readonly store: ResourceStore;
  readonly parent: string;
  /** The name of the unit that was merged. */
  readonly operation: string;
}

/**
 * Takes over what the parent made of a record that was sent to it, and returns the base that both ends have then. An edit
 * that was made here since stays. A body that refers to what was never here is left to the pull, which brings it together
 * with that: the base stays behind the parent's version, so that the pull asks for it.
 */
export async function takeMerged(
  tx: Transaction,
  { sent, agreed, verdict }: { readonly sent: LinkBase; readonly agreed: number; readonly verdict: RecordVerdict },
  { store, parent, operation }: TakeMergedOptions,
): Promise<LinkBase> {
  const key = { type: sent.type, id: sent.id };
  const body = verdict.body ?? null;
  const isNews = agreed < verdict.version;
  if (isNews && body !== null && (await lacksWhatItRefersTo(tx, body))) {
    return { ...sent, remoteVersion: agreed, differs: true };
  }
  const here = (await store.readForChange(tx, [key])).get(`${key.type}/${key.id}`);
  if (here && here.version > sent.localVersion) return { ...sent, differs: true };
  const [outcome] = await store.apply(tx, [
    {
      key,
      body: body ?? undefined,
      bodyHash: body === null ? null : bodyHashOf(body),
      origin: { node: parent, version: verdict.version, operation },
    },
  ]);
  return outcome?.kind === "applied" ? { ...sent, localVersion: outcome.version } : sent;
}

async function lacksWhatItRefersTo(tx: Transaction, body: string): Promise<boolean> {
  const targets = [...literalReferencesIn(body)].flatMap((name) => parseReference(name) ?? []);
  return (await whichExist(tx, targets)).size < targets.length;
}
