import type { ReactNode } from "react";
import { useWords } from "../../words/words.tsx";
import { differingValues, type Fragment } from "./differing-values.ts";

/** One side of a comparison: its heading, and what it says. */
export interface Side {
  readonly key: string;
  readonly title: ReactNode;
  readonly fragment: Fragment | null | undefined;
}

/** The sides of a record next to each other, a line for each value in which they differ; what is not as before is marked. */
export function DifferenceTable({ label, sides }: { readonly label: string; readonly sides: readonly Side[] }) {
  const { say } = useWords();
  const rows = differingValues(sides.map(({ fragment }) => fragment));
  if (rows.length === 0) return <p className="quiet">{say("conflicts.same")}</p>;
  return (
    <section className="differences" aria-label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">{say("conflicts.element")}</th>
            {sides.map(({ key, title }) => (
              <th key={key} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ place, values }) => (
            <tr key={place}>
              <th scope="row" className="mono">
                {place}
              </th>
              {values.map((value, at) => (
                <td key={sides[at]?.key} className={at > 0 && value !== values[0] ? "differences__changed" : ""}>
                  {value ?? <span className="quiet">{say("conflicts.absent")}</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
