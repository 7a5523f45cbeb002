import type { IndexTable } from "../parameter/parameter-kind.ts";
import type { IndexedSource } from "../parameter/search-parameter.ts";

/** What a search asks of a resource; all conditions of a search must hold. It knows no SQL. */
export type Condition =
  | { readonly kind: "id"; readonly ids: readonly string[] }
  | { readonly kind: "last-updated"; readonly anyOf: readonly DateTest[] }
  /** Some value at the sources passes one of the tests, or, negated, none does. */
  | {
      readonly kind: "value";
      readonly table: IndexTable;
      readonly sources: readonly IndexedSource[];
      readonly anyOf: readonly ValueTest[];
      readonly isNegated: boolean;
    }
  | {
      readonly kind: "missing";
      readonly table: IndexTable;
      readonly sources: readonly IndexedSource[];
      readonly isMissing: boolean;
    }
  /** A resource that it refers to meets the condition; one alternative for each type that it may be of. */
  | {
      readonly kind: "chain";
      readonly sources: readonly IndexedSource[];
      readonly targets: readonly { readonly type: string; readonly condition: Condition }[];
    }
  /** A resource of `type` that refers to it by one of the sources meets the condition. */
  | {
      readonly kind: "reverse-chain";
      readonly type: string;
      readonly sources: readonly IndexedSource[];
      readonly condition: Condition;
    };

/** What is asked of one value in the index. */
export type ValueTest = TokenTest | StringTest | ReferenceTest | DateTest | QuantityTest | UriTest;

export interface TokenTest {
  readonly kind: "token";
  /** Absent: any code. */
  readonly code?: string;
  /** Absent: any system. */
  readonly systems?: readonly number[];
}

export interface StringTest {
  readonly kind: "string";
  readonly mode: "starts" | "exact" | "contains";
  /** Folded, as the index has it. */
  readonly folded: string;
  /** Stands for the text as it was given. */
  readonly exact: number;
}

export interface ReferenceTest {
  readonly kind: "reference";
  readonly type?: string;
  readonly id: string;
}

/** How a range of the index is compared with a range of the search. See https://hl7.org/fhir/R4/search.html#prefix */
export type Comparison = "eq" | "ne" | "gt" | "lt" | "ge" | "le" | "sa" | "eb" | "ap";

/** The search's range goes from `low` up to, but not including, `high`. */
export interface DateTest {
  readonly kind: "date";
  readonly comparison: Comparison;
  readonly low: number;
  readonly high: number;
}

export interface QuantityTest {
  readonly kind: "quantity";
  readonly comparison: Comparison;
  readonly value: number;
  /** The range that the digits of the search's number leave open. */
  readonly low: number;
  readonly high: number;
  readonly system?: number;
  /** A code, or a unit as people read it. */
  readonly code?: string;
}

export interface UriTest {
  readonly kind: "uri";
  readonly mode: "exact" | "below" | "above";
  readonly uri: string;
}

/** How many tests a condition comes to; the size of its statement grows with them. */
export function countTests(condition: Condition): number {
  switch (condition.kind) {
    case "id":
      return condition.ids.length;
    case "last-updated":
    case "value":
      return condition.anyOf.length;
    case "missing":
      return 1;
    case "chain":
      return condition.targets.reduce((sum, target) => sum + countTests(target.condition), 0);
    case "reverse-chain":
      return countTests(condition.condition);
  }
}
