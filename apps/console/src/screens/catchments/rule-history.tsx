import type { CatchmentDetail } from "@tributary/admin-api";
import { useWords } from "../../words/words.tsx";
import { RuleText } from "./rule-text.tsx";

/** The rules that a catchment had, the latest first: by whom, when, and why. */
export function RuleHistory({ history }: Pick<CatchmentDetail, "history">) {
  const { say, time } = useWords();
  return (
    <section className="section" aria-labelledby="history-title">
      <h2 id="history-title">{say("catchment.history")}</h2>
      <ol className="timeline">
        {history.map(({ version, rule, setAt, setBy, reason }) => (
          <li key={version}>
            <article>
              <header>
                <h3>{say("catchment.rule", { version })}</h3>
                <span className="quiet">{say("catchment.setBy", { author: setBy, time: time(setAt) })}</span>
              </header>
              <RuleText rule={rule} />
              {reason !== null && (
                <p className="quiet">
                  {say("catchment.reason")}: {reason}
                </p>
              )}
            </article>
          </li>
        ))}
      </ol>
    </section>
  );
}
