import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { mutated } from "./mutated-source.ts";
import { mutationByName } from "./mutations.ts";

/**
 * Loaded before the program: puts one historic bug into the engine's source as it is read. The source on the disk, and so
 * the program, knows nothing of it.
 */
const mutation = mutationByName(process.env["TRIBUTARY_MUTATION"] ?? "");
const root = fileURLToPath(new URL("../../../", import.meta.url));

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.startsWith("file:") || loaded.source === undefined || loaded.source === null) return loaded;
    const text =
      typeof loaded.source === "string" ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString();
    const source = mutated(mutation, fileURLToPath(url).slice(root.length), text);
    return source === undefined ? loaded : { ...loaded, source };
  },
});
