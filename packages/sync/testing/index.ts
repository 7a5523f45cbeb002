export { counting, cutting, falsifying } from "./bad-lines.ts";
export { exchangeOver } from "./exchange-over.ts";
export { enrol, moveAll, type NodeForTests, openNodeForTests, pullerOf } from "./node-for-tests.ts";
