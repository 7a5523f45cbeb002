import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { readSourceFiles, type SourceFile } from "./source-files.ts";

const doors = /^packages\/[^/]+\/(?:src|testing)\/index\.ts$/;
const given = /^export (?:type )?\{([^}]+)\} from "(\.[^"]+)";/gm;

/** Every name that a package's door gives and that has no sentence where it is defined, as sentences. */
export function findNamesWithoutSentence(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file.text]));
  return files
    .filter(({ path }) => doors.test(path))
    .flatMap((door) =>
      [...door.text.matchAll(given)].flatMap(([, names = "", specifier = ""]) => {
        const path = posix.join(posix.dirname(door.path), specifier);
        const text = byPath.get(path) ?? "";
        return namesOf(names)
          .filter((name) => !hasSentence(text, name))
          .map((name) => `${path}: ${name} stands in the door ${door.path} and has no TSDoc.`);
      }),
    );
}

/** The names as the file itself has them: `type A, b as c` gives `A` and `b`. */
function namesOf(list: string): string[] {
  return list
    .split(",")
    .map((one) =>
      one
        .replace(/^\s*type\s/, "")
        .replace(/\sas\s.*$/s, "")
        .trim(),
    )
    .filter((name) => name !== "");
}

/** What the file only hands on from another one is looked for there, not here. */
function hasSentence(text: string, name: string): boolean {
  const definition = new RegExp(`^export (?:async )?(?:function\\*?|const|interface|type|class) ${name}\\b`, "m").exec(
    text,
  );
  return definition === null || /\*\/\n$/.test(text.slice(0, definition.index));
}

if (import.meta.main) {
  const bare = findNamesWithoutSentence(readSourceFiles(fileURLToPath(new URL("..", import.meta.url))));
  for (const one of bare) console.error(one);
  process.exit(bare.length === 0 ? 0 : 1);
}
