import type { FailureAnswer } from "@tributary/admin-api";
import { pathWith } from "../../api/path-with.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { PlaceLink } from "../../app/location.tsx";
import { useWords } from "../../words/words.tsx";
import { failureClasses } from "../failures/failure-class.ts";

/** How much of each class has failed and waits; each leads to its list. */
export function ErrorsByClass() {
  const { say } = useWords();
  return (
    <section className="section" aria-labelledby="errors">
      <h2 id="errors">{say("node.errors")}</h2>
      <div className="counts">
        {failureClasses.map((failureClass) => (
          <ClassCount key={failureClass} failureClass={failureClass} />
        ))}
      </div>
    </section>
  );
}

function ClassCount({ failureClass }: { readonly failureClass: FailureAnswer["class"] }) {
  const { say, number } = useWords();
  const path = pathWith("/failures", { class: failureClass, limit: 1 });
  const total = useAnswer<{ readonly total: number }>(path).data?.total;
  return (
    <PlaceLink className="count" to={`/failures?class=${failureClass}`}>
      <span className="count__value">{total === undefined ? "–" : number(total)}</span>
      <span>{say(`failure.class.${failureClass}`)}</span>
    </PlaceLink>
  );
}
