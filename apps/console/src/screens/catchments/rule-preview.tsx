import type { CatchmentPreview } from "@tributary/admin-api";
import { Figure, Figures } from "../../parts/figure.tsx";
import { useWords } from "../../words/words.tsx";
import { ReferenceLink } from "../records/reference-link.tsx";

/** Patients who are named; of the others it is said how many they are. */
const namedMax = 40;

/** Whom a rule would let in and out. */
export function RulePreview({ preview }: { readonly preview: CatchmentPreview }) {
  const { say, number } = useWords();
  const { members, undecided, entering, leaving, enteringPatients, leavingPatients } = preview;
  return (
    <div className="rule-preview">
      <Figures>
        <Figure name={say("catchment.entering")} value={number(entering)} />
        <Figure name={say("catchment.leaving")} value={number(leaving)} />
        <Figure name={say("catchment.inAfter")} value={number(members)} />
        <Figure name={say("catchment.undecided")} value={number(undecided)} />
      </Figures>
      <div className="rule-preview__both">
        <Moving
          title={say("catchment.entering")}
          none={say("catchment.enteringNone")}
          patients={enteringPatients}
          count={entering}
        />
        <Moving
          title={say("catchment.leaving")}
          none={say("catchment.leavingNone")}
          patients={leavingPatients}
          count={leaving}
        />
      </div>
    </div>
  );
}

function Moving({
  title,
  none,
  patients,
  count,
}: {
  readonly title: string;
  readonly none: string;
  readonly patients: readonly string[];
  readonly count: number;
}) {
  const { say } = useWords();
  const named = patients.slice(0, namedMax);
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {count === 0 && <p className="quiet">{none}</p>}
      <ul className="names">
        {named.map((patient) => (
          <li key={patient}>
            <ReferenceLink reference={`Patient/${patient}`} />
          </li>
        ))}
      </ul>
      {count > named.length && <p className="quiet">{say("catchment.andMore", { count: count - named.length })}</p>}
    </section>
  );
}
