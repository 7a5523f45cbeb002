/** What a metric counts; names and units are the promise that dashboards rest on. */
export interface MetricKind {
  readonly name: string;
  readonly type: "gauge" | "counter";
  /** One sentence, with the unit. */
  readonly help: string;
}

/** One value of a metric. */
export interface Sample {
  readonly metric: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Writes samples in the text format that Prometheus reads, each metric once with its help and type; what has no sample is
 * left out. See https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function writeMetrics(kinds: readonly MetricKind[], samples: readonly Sample[]): string {
  const byMetric = Map.groupBy(samples, ({ metric }) => metric);
  const lines: string[] = [];
  for (const { name, type, help } of kinds) {
    const some = byMetric.get(name);
    if (!some) continue;
    lines.push(`# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`, `# TYPE ${name} ${type}`);
    for (const { labels = {}, value } of some) lines.push(`${name}${labelText(labels)} ${value}`);
  }
  return `${lines.join("\n")}\n`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
