import type { SettingsAnswer } from "@tributary/admin-api";
import { useWords } from "../../../words/words.tsx";

/** The site's rules about who wins, before the default ones. */
export function MergeRules({
  rules,
  module,
}: {
  readonly rules: SettingsAnswer["policies"]["value"];
  readonly module: string | null;
}) {
  const { say, sayIfKnown } = useWords();
  return (
    <>
      {rules.length === 0 ? (
        <p className="section__lead">{say("schedules.noRules")}</p>
      ) : (
        <table className="changes" aria-label={say("schedules.policies")}>
          <thead>
            <tr>
              <th scope="col">{say("conflicts.type")}</th>
              <th scope="col">{say("conflicts.element")}</th>
              <th scope="col">{say("schedules.policy")}</th>
            </tr>
          </thead>
          <tbody>
            {rules.map(({ type, element, policy }) => (
              <tr key={`${type} ${element}`}>
                <td>{type === "*" ? say("schedules.everyType") : type}</td>
                <td className="mono">{element ?? say("schedules.everyElement")}</td>
                <td>{sayIfKnown(`policy.${policy}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {module !== null && <p className="section__lead">{say("schedules.module", { module })}</p>}
    </>
  );
}
