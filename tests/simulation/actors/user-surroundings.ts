import type { Random } from "@tributary/kernel";
import type { Coverage } from "../coverage.ts";
import type { Ledger } from "../oracle/ledger.ts";

/** What users need to know of the world. */
export interface UserSurroundings {
  readonly ledger: Ledger;
  readonly random: Random;
  readonly coverage: Coverage;
  readonly tell: (what: string) => void;
  /** Whether nodes have catchments, so that it matters where patients live. */
  readonly hasDistricts: boolean;
}
