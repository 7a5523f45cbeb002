import type { Transaction } from "@tributary/database";
import { everyPage } from "../every-page.ts";
import type { Failure } from "./failure.ts";
import type { FailureClass } from "./failure-class.ts";
import { listFailures } from "./list-failures.ts";

/** Which failures something is done to: all of them, or those of one class. */
export interface FailureSelection {
  readonly class?: FailureClass;
}

/** Failures dealt with in one step. */
const failuresPerStep = 500;

/** Does something to each failure of a selection. Returns how many times it was done. */
export async function forEachFailure(
  tx: Transaction,
  { class: chosen }: FailureSelection,
  act: (failureId: string) => Promise<unknown>,
): Promise<number> {
  let acted = 0;
  const pages = everyPage<Failure>(failuresPerStep, (last) =>
    listFailures(tx, { limit: failuresPerStep, ...(last && { after: last.failureId }) }),
  );
  for await (const some of pages) {
    for (const failure of some) {
      if (chosen !== undefined && failure.class !== chosen) continue;
      if (await act(failure.failureId)) acted += 1;
    }
  }
  return acted;
}
