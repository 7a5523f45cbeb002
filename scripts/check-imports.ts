import { fileURLToPath } from "node:url";
import { findImportRings } from "./import-rings.ts";
import { readSourceFiles, type SourceFile } from "./source-files.ts";

/**
 * The table of docs/ARCHITECTURE.md: an import goes from a higher number to a lower one, never level and never up.
 * What is missing here may not be imported at all.
 */
export const layers: Readonly<Record<string, number>> = {
  "packages/kernel": 1,
  "packages/database": 2,
  "packages/admin-api": 2,
  "packages/events": 3,
  "packages/audit": 3,
  "packages/fhir": 4,
  "packages/feed": 4,
  "packages/sync": 5,
  "packages/connectors": 6,
  "packages/channels": 6,
  "packages/runtime": 7,
  "apps/tributary": 8,
  "apps/console": 8,
};

/** What stands outside the house and looks at all of it through its doors. */
const onlookers = ["examples/", "bench/", "tests/", "scripts/"];

/** What the onlookers share: bad lines, the program in processes of its own, and the browser before its console. */
const instruments = ["tests/faults/", "tests/program/", "apps/console/tests/"];

/** Rooms that see less than their layer would allow. */
const onlyThese: Readonly<Record<string, readonly string[]>> = { "apps/console": ["packages/admin-api"] };

/** Program code that may use a testing door all the same. */
const testingDoorUsers: readonly string[] = [
  // The schema of PostgreSQL is read from a server of the script's own.
  "scripts/docs/schema-dump.ts",
  // `tributary demo --postgres` brings its own PostgreSQL server.
  "apps/tributary/src/demo/parent-database.ts",
];

/** Second doors, for what is seldom needed and dear to load. */
const sideDoors: readonly string[] = ["@tributary/database/query-builder"];

/** The edges where time, chance and the network come in; everywhere else in packages they come by parameter. */
const worldEdges: readonly string[] = ["packages/kernel/src/clock.ts", "packages/kernel/src/random.ts"];

const worldNames: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["Date.now", /\bDate\.now\b/],
  ["new Date()", /\bnew Date\(\)/],
  ["Math.random", /\bMath\.random\b/],
  ["setTimeout", /(?<![.\w])setTimeout\b/],
  ["setInterval", /(?<![.\w])setInterval\b/],
  ["fetch(", /(?:\b(?:await|return|void|globalThis\.)|=>|[=(?:,[])\s*fetch\(/],
];

/** Rooms whose files call each other by nature: an element of a resource holds elements, and so do their checks. */
const recursiveRooms: readonly string[] = ["packages/fhir/src/validation/"];

/** A line that breaks the plan of the house. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly reason: string;
}

/** Every import, every ring of imports and every use of the world in these files that the plan does not allow. */
export function findViolations(files: readonly SourceFile[]): Violation[] {
  return [...files.flatMap((file) => [...forbiddenImports(file), ...usesOfTheWorld(file)]), ...rings(files)];
}

function rings(files: readonly SourceFile[]): Violation[] {
  const program = files.filter(({ path }) => /\/src\//.test(path) && !isTestCode(path));
  return findImportRings(program)
    .filter((ring) => !recursiveRooms.some((room) => ring.every((path) => path.startsWith(room))))
    .map(([path = "", ...others]) => ({ path, line: 1, reason: `imports in a ring with ${others.join(", ")}.` }));
}

function forbiddenImports(file: SourceFile): Violation[] {
  return importsOf(file.text).flatMap(({ specifier, line }) => {
    const reason = specifier.startsWith(".")
      ? whyNotRelative(file.path, specifier)
      : whyNotPackage(file.path, specifier);
    return reason === undefined ? [] : [{ path: file.path, line, reason }];
  });
}

function whyNotRelative(path: string, specifier: string): string | undefined {
  const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
  const room = roomOf(path);
  if (target.startsWith(`${room}/`)) return undefined;
  const isInstrument = instruments.some((prefix) => target.startsWith(prefix));
  if (isInstrument && onlookers.some((prefix) => path.startsWith(prefix))) return undefined;
  return `${specifier} leaves ${room}; import the other package by its name.`;
}

function whyNotPackage(path: string, specifier: string): string | undefined {
  const match = /^@tributary\/([^/]+)(?:\/(.*))?$/.exec(specifier) ?? /^(tributary)(?:\/(.*))?$/.exec(specifier);
  if (!match) return undefined;
  const [, name = "", inside] = match;
  const target = name === "tributary" ? "apps/tributary" : `packages/${name}`;
  if (inside !== undefined && !sideDoors.includes(specifier)) {
    if (!/^testing(\/|$)/.test(inside))
      return `${specifier} goes past the door of ${target}; import "@tributary/${name}".`;
    if (!isTestCode(path) && !testingDoorUsers.includes(path))
      return `${specifier} is a testing door; only tests use it.`;
  }
  if (onlookers.some((prefix) => path.startsWith(prefix))) return undefined;
  const room = roomOf(path);
  if (target === room) return `${specifier} is the package itself; import the file.`;
  const [from, to] = [layers[room], layers[target]];
  if (from === undefined) return `${room} has no place in the table of layers.`;
  if (to === undefined) return `${target} has no place in the table of layers.`;
  const allowed = onlyThese[room];
  if (allowed && !allowed.includes(target)) return `${room} sees only ${allowed.join(", ")}.`;
  return to < from ? undefined : `${room} (layer ${from}) imports ${target} (layer ${to}); arrows point down only.`;
}

function usesOfTheWorld(file: SourceFile): Violation[] {
  if (!/^packages\/[^/]+\/src\//.test(file.path) || isTestCode(file.path) || worldEdges.includes(file.path)) return [];
  const takesFetch = /(?:[{,(]\s*|\bconst\s+)fetch\s*[,:}=)?]/.test(file.text);
  return codeLines(file.text).flatMap((code, index) =>
    worldNames
      .filter(([name, pattern]) => pattern.test(code) && !(name === "fetch(" && takesFetch))
      .map(([name]) => ({
        path: file.path,
        line: index + 1,
        reason: `${name} brings the world in here; take it by parameter (Clock, Random, a fetch).`,
      })),
  );
}

function importsOf(text: string): { specifier: string; line: number }[] {
  const statements = /^(?:import|export)\b(?:[^"';]*?\bfrom)?\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;
  return [...text.matchAll(statements)]
    .filter(({ index }) => !isComment(text.slice(text.lastIndexOf("\n", index - 1) + 1)))
    .map((match) => ({
      specifier: match[1] ?? match[2] ?? "",
      line: text.slice(0, match.index).split("\n").length,
    }));
}

function codeLines(text: string): string[] {
  return text.split("\n").map((line) => (isComment(line) ? "" : line.replace(/\s\/\/ .*$/, "")));
}

function isComment(line: string): boolean {
  return /^\s*(\/\/|\/\*|\*)/.test(line);
}

function isTestCode(path: string): boolean {
  return /\.test\.ts$|^(tests|bench)\/|\/testing\//.test(path);
}

function roomOf(path: string): string {
  const parts = path.split("/");
  return /^(packages|apps|examples)$/.test(parts[0] ?? "") ? parts.slice(0, 2).join("/") : (parts[0] ?? "");
}

if (import.meta.main) {
  const violations = findViolations(readSourceFiles(fileURLToPath(new URL("..", import.meta.url))));
  for (const { path, line, reason } of violations) console.error(`${path}:${line}  ${reason}`);
  process.exit(violations.length === 0 ? 0 : 1);
}
