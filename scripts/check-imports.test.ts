import { expect, it } from "vitest";
import { findViolations } from "./check-imports.ts";

function reasonsFor(path: string, text: string): string[] {
  return findViolations([{ path, text }]).map(({ reason }) => reason);
}

it("allows an import that points down", () => {
  expect(reasonsFor("packages/sync/src/a.ts", 'import { x } from "@tributary/fhir";')).toEqual([]);
});

it("catches an import that points up", () => {
  expect(reasonsFor("packages/events/src/a.ts", 'import type { x } from "@tributary/fhir";')).toEqual([
    "packages/events (layer 3) imports packages/fhir (layer 4); arrows point down only.",
  ]);
});

it("catches an import between neighbours", () => {
  expect(reasonsFor("packages/feed/src/a.ts", 'export { x } from "@tributary/fhir";')).toHaveLength(1);
});

it("catches an import that stands on several lines, and names its line", () => {
  const text = 'const first = 1;\nimport {\n  type One,\n  two,\n} from "@tributary/runtime";\n';

  expect(findViolations([{ path: "packages/sync/src/a.ts", text }])).toMatchObject([{ line: 2 }]);
});

it("catches a dynamic import", () => {
  expect(reasonsFor("packages/sync/src/a.ts", 'const x = await import("@tributary/runtime");')).toHaveLength(1);
});

it("catches a deep import past a door", () => {
  expect(reasonsFor("packages/sync/src/a.ts", 'import { x } from "@tributary/fhir/src/store.ts";')).toEqual([
    '@tributary/fhir/src/store.ts goes past the door of packages/fhir; import "@tributary/fhir".',
  ]);
});

it("catches a relative import that leaves its package", () => {
  expect(reasonsFor("packages/sync/src/pull/a.ts", 'import { x } from "../../../fhir/src/a.ts";')).toHaveLength(1);
  expect(reasonsFor("packages/sync/src/pull/a.ts", 'import { x } from "../b.ts";')).toEqual([]);
});

it("lets benchmarks use the bad lines of the tests, and nobody else", () => {
  const text = 'import { x } from "../tests/faults/a.ts";';

  expect(reasonsFor("bench/a.bench.ts", text)).toEqual([]);
  expect(reasonsFor("bench/a.bench.ts", 'import { x } from "../tests/topology/a.ts";')).toHaveLength(1);
  expect(reasonsFor("packages/sync/testing/a.ts", 'import { x } from "../../../tests/faults/a.ts";')).toHaveLength(1);
});

it("opens testing doors to tests only", () => {
  const text = 'import { x } from "@tributary/database/testing";';

  expect(reasonsFor("packages/sync/src/a.test.ts", text)).toEqual([]);
  expect(reasonsFor("packages/sync/testing/a.ts", text)).toEqual([]);
  expect(reasonsFor("packages/sync/src/a.ts", text)).toEqual([
    "@tributary/database/testing is a testing door; only tests use it.",
  ]);
});

it("keeps the console to the admin API", () => {
  expect(reasonsFor("apps/console/src/a.ts", 'import { x } from "@tributary/kernel";')).toEqual([
    "apps/console sees only packages/admin-api.",
  ]);
});

it.each(["Date.now()", "Math.random()", "setTimeout(f, 1)", "await fetch(url)", "new Date()"])(
  "catches %s in a package",
  (expression) => {
    expect(reasonsFor("packages/sync/src/a.ts", `export const x = () => ${expression};`)).toHaveLength(1);
  },
);

it("allows a fetch that comes by parameter, a method of that name, comments, tests and the kernel's own clock", () => {
  expect(reasonsFor("packages/sync/src/a.ts", "export const ask = ({ fetch }: Port) => fetch(url);")).toEqual([]);
  expect(reasonsFor("packages/sync/src/a.ts", "  async *fetch(entries: readonly Entry[]) {")).toEqual([]);
  expect(reasonsFor("packages/sync/src/a.ts", "// Never Date.now() here.")).toEqual([]);
  expect(reasonsFor("packages/sync/src/a.test.ts", "const now = Date.now();")).toEqual([]);
  expect(reasonsFor("packages/kernel/src/clock.ts", "now: () => Date.now(),")).toEqual([]);
});

it("catches files that import each other, but for the checks of what holds itself", () => {
  const ring = (room: string) => [
    { path: `${room}/a.ts`, text: 'import type { B } from "./b.ts";' },
    { path: `${room}/b.ts`, text: 'import { a } from "./a.ts";' },
  ];

  expect(findViolations(ring("packages/sync/src/push"))).toMatchObject([
    { path: "packages/sync/src/push/a.ts", reason: "imports in a ring with packages/sync/src/push/b.ts." },
  ]);
  expect(findViolations(ring("packages/fhir/src/validation"))).toEqual([]);
});
