import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readSourceFiles, type SourceFile } from "./source-files.ts";

/** A package's specification and the tests that may quote it. */
export interface Specification {
  readonly packageName: string;
  readonly text: string;
  readonly tests: readonly SourceFile[];
}

/** Every rule that no test quotes, and every quoted rule that no specification has, as sentences. */
export function findSpecGaps(specifications: readonly Specification[]): string[] {
  const rules = new Set(specifications.flatMap(({ text }) => rulesOf(text)));
  const letters = new Set([...rules].map((rule) => rule[0]));
  const untested = specifications.flatMap(({ packageName, text, tests }) => {
    const quoted = new Set(tests.flatMap((test) => quotedIn(test.text)));
    return rulesOf(text)
      .filter((rule) => !quoted.has(rule))
      .map(
        (rule) => `packages/${packageName}/SPEC.md: no test of the package, of runtime or in tests/ quotes [${rule}].`,
      );
  });
  const tests = new Map(specifications.flatMap((one) => one.tests.map((test) => [test.path, test] as const)));
  const unknown = [...tests.values()].flatMap((test) =>
    quotedIn(test.text)
      .filter((rule) => letters.has(rule[0]) && !rules.has(rule))
      .map((rule) => `${test.path}: quotes [${rule}], which no SPEC.md has.`),
  );
  const doubled = specifications.flatMap(({ packageName, text }) =>
    rulesOf(text)
      .filter((rule, index, all) => all.indexOf(rule) !== index)
      .map((rule) => `packages/${packageName}/SPEC.md: has the rule ${rule} twice.`),
  );
  return [...untested, ...unknown, ...doubled];
}

/** The ids that a specification defines: a line that opens with one, in a list, a heading or a table. */
export function rulesOf(specification: string): string[] {
  return [...specification.matchAll(/^[ \t]*(?:[-*#|>]+[ \t]*)*(?:\*\*|`|\[)*([EFS]\d+)\b(?!\.\.)/gm)].map(
    (match) => match[1]!,
  );
}

/** The ids that open test titles: `"[E4] …"`, `"[E4, E5] …"`, `"[E4][E5] …"`. */
export function quotedIn(text: string): string[] {
  return [...text.matchAll(/["'`]((?:\[[^\]\n]*\]\s*)+)/g)]
    .flatMap((title) => [...title[1]!.matchAll(/\[([^\]]*)\]/g)].flatMap((match) => match[1]!.split(/[,\s]+/)))
    .filter((word) => /^[EFS]\d+$/.test(word));
}

/** The defects of OpenMRS Sync 2.0 that are known; each stands as a test that our protocol passes. */
const knownDefects = Array.from({ length: 15 }, (_, at) => `SYNC2-${at + 1}`);

/** Every known defect that no test title names, as a sentence. */
export function findDefectGaps(tests: readonly SourceFile[]): string[] {
  const named = new Set(tests.flatMap(({ text }) => [...text.matchAll(/\[(SYNC2-\d+)\]/g)].map((match) => match[1])));
  return knownDefects.filter((name) => !named.has(name)).map((name) => `No test names the known defect [${name}].`);
}

function readTests(root: string): SourceFile[] {
  return readSourceFiles(root).filter(({ path }) => path.endsWith(".test.ts") && !path.startsWith("scripts/"));
}

/** Where packages are put together; a rule about how they are is tested there. */
const wholeRooms: readonly string[] = ["packages/runtime/", "apps/tributary/", "tests/"];

function readSpecifications(root: string, tests: readonly SourceFile[]): Specification[] {
  return readdirSync(join(root, "packages"))
    .filter((name) => existsSync(join(root, "packages", name, "SPEC.md")))
    .map((packageName) => ({
      packageName,
      text: readFileSync(join(root, "packages", packageName, "SPEC.md"), "utf8"),
      tests: tests.filter(({ path }) =>
        [`packages/${packageName}/`, ...wholeRooms].some((room) => path.startsWith(room)),
      ),
    }));
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const tests = readTests(root);
  const gaps = [...findSpecGaps(readSpecifications(root, tests)), ...findDefectGaps(tests)];
  for (const gap of gaps) console.error(gap);
  process.exit(gaps.length === 0 ? 0 : 1);
}
