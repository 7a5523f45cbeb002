import type { SettingsAnswer } from "@tributary/admin-api";
import { useWords } from "../../../words/words.tsx";
import { useRuleText } from "./use-rule-text.ts";

/** The site's rules about who wins, before the default ones, in the order in which they hold. */
export function MergeRules({
  rules,
  module,
}: {
  readonly rules: SettingsAnswer["policies"]["value"];
  readonly module: string | null;
}) {
  const { say, sayIfKnown, number } = useWords();
  const { typeText, elementText } = useRuleText();
  return (
    <>
      {rules.length === 0 ? (
        <p className="section__lead">{say("schedules.noRules")}</p>
      ) : (
        <table className="changes" aria-label={say("schedules.policies")}>
          <thead>
            <tr>
              <th scope="col">{say("schedules.place")}</th>
              <th scope="col">{say("conflicts.type")}</th>
              <th scope="col">{say("conflicts.element")}</th>
              <th scope="col">{say("schedules.policy")}</th>
            </tr>
          </thead>
          <tbody>
            {rules.map((rule, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: A rule is named by its place, and by nothing else.
              <tr key={at}>
                <td>{number(at + 1)}</td>
                <td>{typeText(rule)}</td>
                <td className="mono">{elementText(rule)}</td>
                <td>{sayIfKnown(`policy.${rule.policy}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {rules.length > 1 && <p className="quiet section__lead">{say("schedules.order")}</p>}
      {module !== null && <p className="section__lead">{say("schedules.module", { module })}</p>}
    </>
  );
}
