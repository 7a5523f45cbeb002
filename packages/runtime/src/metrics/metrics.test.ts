import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { metricKinds } from "./metric-kinds.ts";
import { writeMetrics } from "./metric-text.ts";

it("writes each metric once with its help and type, and escapes what a label says", () => {
  const kinds = [
    { name: "a_total", type: "counter", help: "What\nis counted." },
    { name: "b", type: "gauge", help: "Nothing." },
  ] as const;

  const text = writeMetrics(kinds, [
    { metric: "a_total", value: 1, labels: { node: 'say "x"\\\n' } },
    { metric: "a_total", value: 2.5 },
  ]);

  expect(text).toBe(
    '# HELP a_total What\\nis counted.\n# TYPE a_total counter\na_total{node="say \\"x\\"\\\\\\n"} 1\na_total 2.5\n',
  );
});

it("names counters as Prometheus asks, with units at the end", () => {
  for (const { name, type } of metricKinds) {
    expect(name).toMatch(/^(tributary|process)_[a-z_]+$/);
    expect(name.endsWith("_total")).toBe(type === "counter");
  }
});

it("is told in the reference and drawn in the dashboard by the names that it has", async () => {
  const root = new URL("../../../../", import.meta.url);
  const page = await readFile(new URL("docs/reference/metrics.md", root), "utf8");
  const dashboard = await readFile(new URL("deploy/grafana-dashboard.json", root), "utf8");
  const known = new Set<string>(metricKinds.map(({ name }) => name));

  const drawn = [...dashboard.matchAll(/\b(?:tributary|process)_[a-z_]+/g)].map(([name]) => name);

  expect([...known].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  expect(drawn.length).toBeGreaterThan(5);
  expect(drawn.filter((name) => !known.has(name))).toEqual([]);
});
