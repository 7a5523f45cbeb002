export { exchangeOver } from "../src/carry/exchange-over.ts";
export { counting, cutting, cuttingEvery, falsifying, saying } from "./bad-lines.ts";
export {
  aNoteOn,
  aPatientIn,
  assign,
  type ClinicForTests,
  endPasses,
  livingIn,
  openClinic,
  openClinicBeside,
  setCatchment,
} from "./catchments.ts";
export { dripping } from "./dripping.ts";
export { enrol, moveAll, type NodeForTests, openNodeForTests, synchronizerOf } from "./node-for-tests.ts";
export { type CarriedBetween, resealFile } from "./reseal-file.ts";
export { openRestorableClinic } from "./restorable-clinic.ts";
export { openRestorableNode, type RestorableNode } from "./restorable-node.ts";
export { roundOf } from "./rounds.ts";
export { openPair, openThreeNodes, type Pair, pushOnce, type ThreeNodes } from "./small-networks.ts";
export { openSticks, type Sticks, sticksBetween } from "./sticks.ts";
export { oneRound, openThreeTiers, type ThreeTiers, untilQuiet } from "./three-tiers.ts";
export { type WireCodec, wireBodies, wireHeaders } from "./wire-codecs.ts";
