/** What the console says in French for what a node says in English, for tests that know what a node can say. */
export { nodeInFrench } from "../src/words/french.ts";
