import type { Transaction } from "@tributary/database";
import { noteHolder } from "../catchment/known-holders.ts";
import { readChildNode } from "../enrolment/child-nodes.ts";
import type { TravellingRecord } from "../stream/record-batch.ts";
import type { CollapsedEntry } from "./collapse.ts";

/**
 * Who wrote patients first whom this node has from its parent as somebody else wrote them later. When it was one of this
 * node's own children, that child has had the patient, which a node that was restored from a backup has forgotten.
 */
export class FirstWriters {
  readonly #nodes = new Map<string, string>();

  /** Keeps in mind what the entries tell of patients whose content is asked for. */
  note(wanted: readonly CollapsedEntry[]): void {
    for (const { type, id, firstWriter } of wanted) {
      if (type === "Patient" && firstWriter !== undefined) this.#nodes.set(id, firstWriter);
    }
  }

  /** Remembers it, in the transaction that takes the patients in. */
  async remember(tx: Transaction, contents: readonly TravellingRecord[]): Promise<void> {
    const patients = new Map<string, string[]>();
    for (const { type, id, originNode } of contents) {
      const writer = type === "Patient" ? this.#nodes.get(id) : undefined;
      if (writer === undefined || writer === originNode) continue;
      patients.set(writer, [...(patients.get(writer) ?? []), id]);
    }
    for (const [node, theirs] of patients) if (await readChildNode(tx, node)) await noteHolder(tx, node, theirs);
  }

  /** Forgets who has been taken in. */
  arrived(contents: readonly TravellingRecord[]): void {
    for (const { type, id } of contents) if (type === "Patient") this.#nodes.delete(id);
  }
}
