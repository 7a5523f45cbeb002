import { ContentSwitcher, Switch } from "@carbon/react";
import type { TrafficPoint } from "@tributary/admin-api";
import { useState } from "react";
import { pathWith } from "../api/path-with.ts";
import { useAnswer } from "../api/use-answer.ts";
import { useWords } from "../words/words.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ErrorNote } from "./error-note.tsx";
import { LineChart } from "./line-chart.tsx";

/** The lengths of time that one can look at, in hours. */
const lengths = [6, 24, 168] as const;

/**
 * What went over the lines of this node, bytes and records by the quarter of an hour; over the line to one child, bytes and
 * requests, since records are counted for the node as a whole.
 */
export function TrafficCharts({ node }: { readonly node?: string }) {
  const { say, bytes, number } = useWords();
  const [hours, setHours] = useState<number>(24);
  const traffic = useAnswer<{ readonly points: readonly TrafficPoint[] }>(pathWith("/traffic", { hours, node }));
  const points = traffic.data?.points ?? [];
  const times = points.map(({ at }) => at);
  const lengthText = (length: number) =>
    length % 24 === 0 && length > 24 ? say("node.days", { count: length / 24 }) : say("node.hours", { count: length });
  const line = (name: string, value: (point: TrafficPoint) => number) => ({ name, values: points.map(value) });
  return (
    <section className="section" aria-labelledby="traffic">
      <div className="section__head">
        <h2 id="traffic">{say("node.traffic")}</h2>
        <ContentSwitcher
          size="sm"
          selectedIndex={lengths.indexOf(24)}
          onChange={({ name }) => setHours(Number(name))}
          aria-label={say("node.trafficLength")}
        >
          {lengths.map((length) => (
            <Switch key={length} name={String(length)} text={lengthText(length)} />
          ))}
        </ContentSwitcher>
      </div>
      <ErrorNote error={traffic.error} />
      {traffic.data && points.length === 0 && <EmptyState title={say("node.noTraffic")} />}
      {points.length > 0 && (
        <div className="charts">
          <LineChart
            title={say("node.bytes")}
            times={times}
            written={bytes}
            series={[line(say("node.received"), (p) => p.bytesReceived), line(say("node.sent"), (p) => p.bytesSent)]}
          />
          {node === undefined ? (
            <LineChart
              title={say("node.recordsMoved")}
              times={times}
              written={number}
              series={[line(say("node.in"), (p) => p.recordsIn), line(say("node.out"), (p) => p.recordsOut)]}
            />
          ) : (
            <LineChart
              title={say("node.requests")}
              times={times}
              written={number}
              series={[line(say("node.asked"), (p) => p.requests), line(say("node.failures"), (p) => p.failures)]}
            />
          )}
        </div>
      )}
    </section>
  );
}
