import { useWords } from "../words/words.tsx";
import { tickAt } from "./tick-at.ts";

/** One line of a chart: a name and a value for each point in time. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

const width = 480;
const height = 190;
const inset = { left: 60, right: 8, top: 10, bottom: 24 };
/** Times that are written below a chart without touching each other. */
const marksMax = 4;
const plotHeight = height - inset.top - inset.bottom;
const plotWidth = width - inset.left - inset.right;

/** One or two lines over time. Those who hear the page get the same numbers as a table. */
export function LineChart({
  title,
  times,
  series,
  written,
}: {
  readonly title: string;
  readonly times: readonly number[];
  readonly series: readonly Series[];
  /** How a value is written at the axis. */
  readonly written: (value: number) => string;
}) {
  const { language } = useWords();
  const top = tickAt(Math.max(1, ...series.flatMap(({ values }) => values)));
  const x = (at: number) => inset.left + (plotWidth * at) / Math.max(1, times.length - 1);
  const y = (value: number) => inset.top + plotHeight * (1 - value / top);
  const hour = new Intl.DateTimeFormat(language, {
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const marked = times
    .map((time, at) => ({ time, at }))
    .filter(({ at }) => at % Math.ceil(times.length / marksMax) === Math.floor(times.length / marksMax / 2));
  return (
    <figure className="chart">
      <figcaption className="chart__head">
        <span>{title}</span>
        {series.map(({ name }, at) => (
          <span key={name} className={`chart__key chart__key--${at}`}>
            {name}
          </span>
        ))}
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={describe(title, series, written)}>
        {[0, 0.5, 1].map((part) => (
          <g key={part} className="chart__tick">
            <line x1={inset.left} x2={width - inset.right} y1={y(top * part)} y2={y(top * part)} />
            <text x={inset.left - 8} y={y(top * part) + 4} textAnchor="end">
              {written(top * part)}
            </text>
          </g>
        ))}
        {marked.map(({ time, at }) => (
          <text key={time} className="chart__time" x={x(at)} y={height - 6} textAnchor="middle">
            {hour.format(time)}
          </text>
        ))}
        {series.map(({ name, values }, at) => (
          <path
            key={name}
            className={`chart__line chart__line--${at}`}
            d={lineThrough(values.map((value, i) => [x(i), y(value)]))}
          />
        ))}
      </svg>
    </figure>
  );
}

function lineThrough(points: readonly (readonly [x: number, y: number])[]): string {
  return points.map(([x, y], at) => `${at === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

/** The chart in a sentence: the sum and the peak of each line. */
function describe(title: string, series: readonly Series[], written: (value: number) => string): string {
  const told = series.map(({ name, values }) => {
    const sum = values.reduce((total, value) => total + value, 0);
    return `${name}: Σ ${written(sum)}, max ${written(Math.max(0, ...values))}`;
  });
  return `${title}. ${told.join("; ")}.`;
}
