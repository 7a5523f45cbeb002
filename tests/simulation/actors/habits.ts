import type { Plan } from "../plan.ts";
import type { SimNode } from "../world/sim-node.ts";
import { FhirDoor } from "./fhir-door.ts";
import { mendWhatWasRefused, writeThroughLaxDoor } from "./lax-door.ts";
import { referAhead } from "./refer-ahead.ts";
import type { UserSurroundings } from "./user-surroundings.ts";
import { voidOrRemark } from "./void-record.ts";

/** What the users of some networks do besides: drawn by chances of their own, so that all else stays as it is without. */
export class Habits {
  readonly #surroundings: UserSurroundings;
  readonly #door: FhirDoor;
  readonly #rates: Plan["habits"];

  constructor(surroundings: UserSurroundings, rates: Plan["habits"]) {
    this.#surroundings = surroundings;
    this.#door = new FhirDoor(surroundings);
    this.#rates = rates;
  }

  /** Lets a user at one of some nodes act now and then; tells at which. */
  async act(nodes: readonly SimNode[]): Promise<SimNode | undefined> {
    const leaves = nodes.filter(({ role, isUp }) => role === "child" && isUp);
    if (this.#isDue("void"))
      return this.#letAct(
        nodes.filter(({ isUp }) => isUp),
        voidOrRemark,
      );
    if (this.#isDue("refer-ahead")) return this.#letAct(leaves, referAhead);
    if (this.#isDue("lax-door")) return this.#letAct(leaves, writeThroughLaxDoor);
    return undefined;
  }

  /** Lets the users of a node correct what was refused. */
  mend(node: SimNode): Promise<void> {
    return mendWhatWasRefused(this.#surroundings, this.#door, node);
  }

  #isDue(habit: keyof Plan["habits"]): boolean {
    const rate = this.#rates[habit];
    return rate !== undefined && this.#surroundings.random.next() < rate;
  }

  async #letAct(nodes: readonly SimNode[], act: typeof referAhead): Promise<SimNode | undefined> {
    const node = nodes[Math.floor(this.#surroundings.random.next() * nodes.length)];
    if (node) await act(this.#surroundings, this.#door, node);
    return node;
  }
}
