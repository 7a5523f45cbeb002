import type { Reader } from "@tributary/database";
import { listCatchments } from "./catchments.ts";
import { type CatchmentRule, readRule } from "./rule/catchment-rule.ts";
import type { CatchmentStrategy, Criterion } from "./rule/catchment-strategy.ts";
import { type FactNeeds, unitedNeeds } from "./rule/patient-facts.ts";
import { builtInStrategies } from "./strategies/built-in-strategies.ts";

/** Catchments with their rules, ready to be asked. */
export interface ReadRules {
  readonly catchments: readonly {
    readonly name: string;
    readonly version: number;
    /** Absent when this node cannot read the rule, and so cannot evaluate it. */
    readonly criterion: Criterion | undefined;
  }[];
  readonly needs: FactNeeds;
}

/** The rules in force, read once for each of their generations. */
export class RuleBook {
  readonly #strategies: readonly CatchmentStrategy[];
  #read: { readonly generation: number; readonly rules: ReadRules } | undefined;

  constructor(further: readonly CatchmentStrategy[]) {
    this.#strategies = [...builtInStrategies, ...further];
  }

  /** The rules of a generation; the caller has asked which it is in the same transaction. */
  async read(reader: Reader, generation: number): Promise<ReadRules> {
    if (this.#read?.generation === generation) return this.#read.rules;
    const rules = this.of(await listCatchments(reader));
    this.#read = { generation, rules };
    return rules;
  }

  /** Makes rules ready that are perhaps not in force. */
  of(
    catchments: readonly { readonly name: string; readonly version: number; readonly rule: CatchmentRule }[],
  ): ReadRules {
    const read = catchments.map(({ name, version, rule }) => {
      const criterion = readRule(rule, this.#strategies);
      return { name, version, criterion: typeof criterion === "string" ? undefined : criterion };
    });
    return { catchments: read, needs: unitedNeeds(read.flatMap(({ criterion }) => criterion?.needs ?? [])) };
  }

  /** What is wrong with a rule, in a sentence; `undefined` when nothing is. */
  faultOf(rule: unknown): string | undefined {
    const read = readRule(rule, this.#strategies);
    return typeof read === "string" ? read : undefined;
  }
}
