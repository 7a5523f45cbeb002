import type { CatchmentRule } from "@tributary/sync";
import { assignCatchment, setCatchmentRule } from "@tributary/sync";
import { tokensIn } from "../oracle/ledger.ts";
import { catchmentNames, districts, firstRules, livingIn } from "../world/districts.ts";
import type { SimNode } from "../world/sim-node.ts";
import type { UserSurroundings } from "./user-surroundings.ts";

/** The operators of nodes with children: they change rules and assignments, and what belongs to no patient. */
export class Operators {
  readonly #surroundings: UserSurroundings;

  constructor(surroundings: UserSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Puts the first rules into force at a node. */
  async begin(node: SimNode): Promise<void> {
    for (const name of catchmentNames) await this.#set(node, name, firstRules[name]);
  }

  /** Changes one rule at a node: who is listed, or where the others live. */
  async changeRule(simNode: SimNode): Promise<void> {
    const { random, coverage, tell, ledger } = this.#surroundings;
    const name = this.#pick(catchmentNames);
    const patients = ledger.records
      .filter((one) => one.startsWith("Patient/"))
      .map((one) => one.slice("Patient/".length));
    const rule: CatchmentRule =
      name === "chosen"
        ? { list: patients.filter(() => random.next() < 0.4) }
        : random.next() < 0.5
          ? firstRules[name]
          : { any: [livingIn(this.#pick(districts)), livingIn(this.#pick(districts))] };
    tell(`${simNode.name}: ${name} is ${JSON.stringify(rule)} now`);
    coverage.note("op.rule");
    await this.#set(simNode, name, rule);
  }

  /** Gives a child that has a catchment another one. */
  async reassign(parent: SimNode, child: SimNode): Promise<void> {
    const { coverage, tell } = this.#surroundings;
    const catchment = this.#pick(catchmentNames);
    tell(`${parent.name}: ${child.name} is assigned ${catchment}`);
    coverage.note("op.reassign");
    const { database, clock } = parent.node;
    await database.transaction((tx) =>
      assignCatchment(tx, { node: child.name, catchment, by: "operator", at: clock.now() }),
    );
  }

  /** Writes what belongs to no patient: at the root, which is answered, or at a child with a catchment, which refuses. */
  async writeMetadata(node: SimNode): Promise<void> {
    const { ledger, random, coverage, tell } = this.#surroundings;
    const record = `Location/loc${Math.floor(random.next() * 3)}`;
    const token = ledger.newToken("name");
    const found = node.role === "parent" ? await node.fhir("GET", record) : undefined;
    const text = found?.status === 200 ? String(found.body) : "";
    const id = record.slice("Location/".length);
    const body = JSON.stringify({ resourceType: "Location", id, status: "active", name: token });
    const { status, headers } = await node.fhir("PUT", record, body);
    tell(`${node.name}: writes ${record} [${token}] ${status}`);
    if (node.role !== "parent") {
      if (status < 300) throw new Error(`${node.name} took ${record}, which is its parent's to write.`);
      coverage.note("op.metadata-refused");
      return;
    }
    if (status >= 300) return;
    coverage.note("op.metadata");
    ledger.note({
      node: node.name,
      record,
      kind: "write",
      wrote: new Map([["name", token]]),
      saw: tokensIn(text),
      sawDeletions: new Set(),
      isCertain: node.isUp,
      version: Number(/\d+/.exec(headers["etag"] ?? "")?.[0]),
    });
  }

  async #set({ node }: SimNode, name: string, rule: CatchmentRule): Promise<void> {
    const change = { name, rule, author: "operator", reason: null };
    await node.database.transaction((tx) =>
      setCatchmentRule(tx, change, { memberships: node.memberships, nodeId: node.id, clock: node.clock }),
    );
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#surroundings.random.next() * items.length)]!;
  }
}
