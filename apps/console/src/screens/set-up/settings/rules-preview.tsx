import { useWords } from "../../../words/words.tsx";
import { type DecidedOtherwise, decidedOtherwise } from "./rule-order.ts";
import type { SettingValues } from "./setting-key.ts";
import { useRuleText } from "./use-rule-text.ts";

type Rules = SettingValues["policies"];

/** What would be decided otherwise if rules took the place of those in force. */
export function RulesPreview({ before, after }: { readonly before: Rules; readonly after: Rules }) {
  const { say } = useWords();
  const { typeText, elementText } = useRuleText();
  const changes = decidedOtherwise(before, after);
  const isSame = JSON.stringify(before) === JSON.stringify(after);
  return (
    <section aria-labelledby="rules-preview">
      <h3 id="rules-preview" className="form-rows__title">
        {say("settingForm.preview")}
      </h3>
      {changes.length === 0 ? (
        <p className="quiet">{say(isSame ? "settingForm.previewNone" : "settingForm.previewOrder")}</p>
      ) : (
        <table className="changes" aria-labelledby="rules-preview">
          <thead>
            <tr>
              <th scope="col">{say("conflicts.type")}</th>
              <th scope="col">{say("conflicts.element")}</th>
              <th scope="col">{say("settingForm.previewBefore")}</th>
              <th scope="col">{say("settingForm.previewAfter")}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map((change) => (
              <tr key={`${change.type} ${change.element}`}>
                <td>{typeText(change)}</td>
                <td className="mono">{elementText(change)}</td>
                <td className="changes__before">
                  <Policy policy={change.before} />
                </td>
                <td className="changes__after">
                  <Policy policy={change.after} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Policy({ policy }: { readonly policy: DecidedOtherwise["before"] }) {
  const { say, sayIfKnown } = useWords();
  return policy === undefined ? say("settingForm.defaultRules") : sayIfKnown(`policy.${policy}`);
}
