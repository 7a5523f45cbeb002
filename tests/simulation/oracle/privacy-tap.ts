import type { ExchangeRequest, ExchangeResponse } from "@tributary/sync";
import type { SimNode } from "../world/sim-node.ts";
import { CatchmentTruth, patientOfRecord } from "./catchment-truth.ts";
import { type Ledger, tokensIn } from "./ledger.ts";
import { Violation } from "./violation.ts";

const patientIds = /\b(?:root|hub-\d+|leaf-\d+)-p\d+\b/g;

/**
 * I5, on the line: no answer tells a child a value of a patient who is not in its catchment at that moment, nor names a
 * patient whom it never had and did not name itself.
 */
export class PrivacyTap {
  readonly #ledger: Ledger;
  /** What each child has named itself, and so knows. */
  readonly #named = new Map<string, Set<string>>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  check(parent: SimNode, child: SimNode, request: ExchangeRequest, answer: ExchangeResponse): void {
    const named = this.#named.get(child.name) ?? new Set();
    this.#named.set(child.name, named);
    for (const [id] of String(request.body ?? "").matchAll(patientIds)) named.add(id);
    const text = `${JSON.stringify(answer.headers)}${Buffer.from(answer.body).toString("latin1")}`;
    const tokens = tokensIn(text);
    const ids = new Set([...text.matchAll(patientIds)].map(([id]) => id));
    if (tokens.size === 0 && ids.size === 0) return;
    using truth = new CatchmentTruth(parent, child);
    if (truth.isEverything) return;
    const what = `${request.method} ${request.url.pathname}`;
    for (const token of tokens) {
      const patient = patientOfRecord(this.#ledger.recordOf(token) ?? "");
      if (patient === undefined || truth.mayHold(patient)) continue;
      throw new Violation(
        "I5",
        `${child.name} was told ${token} of ${patient} by ${what}, who is not in its catchment.`,
      );
    }
    for (const id of ids) {
      if (named.has(id) || truth.mayHold(id) || truth.mayEverHaveHeld(id)) continue;
      throw new Violation(
        "I5",
        `${child.name} was told by ${what} that there is ${id}, who never was in its catchment.`,
      );
    }
  }
}
