import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readSourceFiles, type SourceFile } from "./source-files.ts";

const page = "docs/reference/guarantees.md";
/** The invariants that the page has to have, each with a proof. */
const invariants = Array.from({ length: 21 }, (_, at) => `I${at + 1}`);

/** Every promise of the page without a proof, and every proof that is no test, as sentences. */
export function findGuaranteeGaps(text: string, tests: readonly SourceFile[]): string[] {
  const byPath = new Map(tests.map((test) => [test.path, test.text]));
  const promises = text.split(/^(?=\*\*)/m).slice(1);
  const gaps = promises.flatMap((promise) => {
    const name = /^\*\*([^*]+)\*\*/.exec(promise)?.[1] ?? "";
    const proofs = [...promise.matchAll(/^- `([^`]+)`: "(.+)"$/gm)].map(([, path = "", title = ""]) => ({
      path,
      title,
    }));
    if (proofs.length === 0) return [`${page}: "${name}" names no test.`];
    return proofs.flatMap(({ path, title }) => {
      const test = byPath.get(path);
      if (test === undefined) return [`${page}: "${name}" names ${path}, which is no test.`];
      return isTitleIn(test, title)
        ? []
        : [`${page}: "${name}" names a test of ${path} that is not there: "${title}".`];
    });
  });
  const named = new Set(promises.map((promise) => /^\*\*(I\d+) /.exec(promise)?.[1]));
  return [...gaps, ...invariants.filter((one) => !named.has(one)).map((one) => `${page}: does not tell of ${one}.`)];
}

/** Whether a test's title begins with a text, or has it behind its rules and parameters. */
function isTitleIn(test: string, title: string): boolean {
  return [...test.matchAll(/(["'`])((?:\\.|(?!\1).)+)\1/g)].some(([, , quoted = ""]) => quoted.includes(title));
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const tests = readSourceFiles(root).filter(({ path }) => path.endsWith(".test.ts"));
  const gaps = findGuaranteeGaps(readFileSync(join(root, page), "utf8"), tests);
  for (const gap of gaps) console.error(gap);
  process.exit(gaps.length === 0 ? 0 : 1);
}
