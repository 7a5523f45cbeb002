import type { AdminAnswer } from "@tributary/admin-api";
import { useAnswer } from "../../api/use-answer.ts";
import { PlaceLink } from "../../app/location.tsx";
import { useWords } from "../../words/words.tsx";
import { failureClasses } from "../failures/failure-class.ts";

/** How much of each class has failed and waits; each leads to its list. */
export function ErrorsByClass() {
  const { say, number } = useWords();
  const counts = useAnswer<AdminAnswer<"GET /failures/counts">>("/failures/counts");
  const byClass = counts.data?.byClass;
  return (
    <section className="section" aria-labelledby="errors">
      <h2 id="errors">{say("node.errors")}</h2>
      <div className="counts">
        {failureClasses.map((failureClass) => (
          <PlaceLink key={failureClass} className="count" to={`/failures?class=${failureClass}`}>
            <span className="count__value">{byClass ? number(byClass[failureClass] ?? 0) : "–"}</span>
            <span>{say(`failure.class.${failureClass}`)}</span>
          </PlaceLink>
        ))}
      </div>
    </section>
  );
}
