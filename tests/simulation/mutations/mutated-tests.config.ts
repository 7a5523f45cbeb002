import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vitest/config";
import { mutated } from "./mutated-source.ts";
import { mutationByName } from "./mutations.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const mutation = mutationByName(process.env["TRIBUTARY_MUTATION"] ?? "");

/** Puts the mutation into each source file that a test loads. */
const mutating: Plugin = {
  name: "tributary-mutation",
  enforce: "pre",
  transform: (source, id) => {
    const path = id.split("?", 1)[0] ?? "";
    return path.startsWith(root) ? mutated(mutation, path.slice(root.length), source) : undefined;
  },
};

export default defineConfig({
  root,
  plugins: [mutating],
  test: {
    // What was made of a source with a mutation in it must never be found again.
    fsModuleCache: false,
    globalSetup: ["packages/database/testing/postgres-for-tests.ts"],
    include: ["packages/**/*.test.ts", "tests/**/*.test.ts"],
    exclude: ["**/node_modules/**"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
