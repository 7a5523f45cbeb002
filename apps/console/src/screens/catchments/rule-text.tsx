import { useWords } from "../../words/words.tsx";
import { ruleAsText, type RuleText as Told } from "./rule-as-text.ts";
import { useRuleWords } from "./use-rule-words.ts";

/** A catchment's rule as a person reads it. */
export function RuleText({ rule }: { readonly rule: unknown }) {
  const { language } = useWords();
  const words = useRuleWords();
  return (
    <div className="rule" lang={language}>
      <RulePart told={ruleAsText(rule, words)} />
    </div>
  );
}

function RulePart({ told: { sentence, parts } }: { readonly told: Told }) {
  return (
    <>
      <p>{sentence}</p>
      {parts.length > 0 && (
        <ul>
          {parts.map((part) => (
            <li key={JSON.stringify(part)}>
              <RulePart told={part} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
