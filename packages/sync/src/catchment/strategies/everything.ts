import type { CatchmentStrategy } from "../rule/catchment-strategy.ts";

/** Chooses every patient: `{"everything": true}`. */
export const everything: CatchmentStrategy = {
  name: "everything",
  read: (given) => (given === true ? { needs: {}, holds: () => true } : "it is written with true."),
};
