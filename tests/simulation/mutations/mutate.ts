import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { mutations } from "./mutations.ts";

/**
 * Loaded before the program: puts one historic bug into the engine's source as it is read. The source on the disk, and so
 * the program, knows nothing of it.
 */
const name = process.env["TRIBUTARY_MUTATION"] ?? "";
const mutation = mutations.find((one) => one.name === name);
if (!mutation) throw new Error(`There is no mutation ${JSON.stringify(name)}.`);
const root = fileURLToPath(new URL("../../../", import.meta.url));

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.startsWith("file:")) return loaded;
    const path = fileURLToPath(url).slice(root.length);
    const edits = mutation.edits.filter(({ file }) => file === path);
    if (edits.length === 0 || loaded.source === undefined || loaded.source === null) return loaded;
    let source =
      typeof loaded.source === "string" ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString();
    for (const { find, replace } of edits) source = source.replace(find, () => replace);
    return { ...loaded, source };
  },
});
