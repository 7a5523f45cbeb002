import { type Holdings, livingOf } from "../holdings.ts";
import type { Ledger } from "../ledger.ts";
import { Findings } from "./finding.ts";

/**
 * I8: what was written in one transaction is at a node whole or not at all, and a record is never at a node where what it
 * refers to has never been; unless somebody deleted that, and so it may never have come. It is asked of a node at each of
 * its deaths, and at the end.
 */
export class Causality {
  readonly #findings = new Findings("I8", "no record is there before what it refers to");

  check(node: Holdings, parent: Holdings, ledger: Ledger): void {
    const deleted = new Set([
      ...parent.versions.filter(({ body }) => body === null).map(({ reference }) => reference),
      ...ledger.writes.filter(({ kind }) => kind === "delete").map(({ reference }) => reference),
    ]);
    for (const [name, body] of livingOf(node)) {
      for (const [, reference = ""] of body.matchAll(/"reference":"((?:Patient|Encounter)\/[^"]+)"/g)) {
        this.#findings.expect(
          node.newest.has(reference) || deleted.has(reference),
          () => `${name} is at ${node.site}, and ${reference} never was`,
        );
      }
    }
    const transactions = Map.groupBy(
      ledger.writes.filter(({ transaction }) => transaction !== undefined),
      ({ transaction }) => transaction,
    );
    for (const [name, writes] of transactions) {
      const there = writes.filter(({ reference }) => node.newest.has(reference)).length;
      this.#findings.expect(
        there === 0 || there === writes.length,
        () => `${there} of ${writes.length} records of the transaction ${name} are at ${node.site}`,
      );
    }
  }

  get finding() {
    return this.#findings.finding;
  }
}
