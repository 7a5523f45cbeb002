import { Add, ArrowDown, ArrowUp, TrashCan } from "@carbon/icons-react";
import { Button, IconButton } from "@carbon/react";
import { useWords } from "../../../words/words.tsx";
import { type RuleField, RuleFields } from "./rule-fields.tsx";
import { moveRule, overruledBy } from "./rule-order.ts";
import { RulesPreview } from "./rules-preview.tsx";
import type { SettingValues } from "./setting-key.ts";
import { moveButtonId, useMovedRule } from "./use-moved-rule.ts";

type Rules = SettingValues["policies"];

const newRule: Rules[number] = { type: "", policy: "manual" };

/** The rules about who wins, a row each, in the order in which they hold; below them what would be decided otherwise. */
export function PoliciesForm({
  rules,
  inForce,
  change,
  refusalOf,
}: {
  readonly rules: Rules;
  readonly inForce: Rules;
  readonly change: (rules: Rules) => void;
  /** The node's sentence about a field of a rule. */
  readonly refusalOf: (field: RuleField, at: number) => string | undefined;
}) {
  const { say } = useWords();
  const { moved, tell } = useMovedRule();
  const move = (from: number, to: number) => {
    change(moveRule(rules, from, to));
    tell({ from, to });
  };
  return (
    <div className="form-rows">
      <p>{say(rules.length === 0 ? "schedules.noRules" : "schedules.order")}</p>
      {rules.map((rule, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: A rule is named by its place, and by nothing else.
        <fieldset key={at} className="rule-row">
          <legend>{say("settingForm.rule", { number: at + 1 })}</legend>
          <RuleFields
            at={at}
            rule={rule}
            change={(changed) => change(rules.with(at, changed))}
            refusalOf={(field) => refusalOf(field, at)}
          />
          <div className="rule-row__deeds">
            <IconButton
              id={moveButtonId("up", at)}
              kind="ghost"
              size="md"
              align="top"
              label={say("settingForm.moveUp", { number: at + 1 })}
              disabled={at === 0}
              onClick={() => move(at, at - 1)}
            >
              <ArrowUp />
            </IconButton>
            <IconButton
              id={moveButtonId("down", at)}
              kind="ghost"
              size="md"
              align="top"
              label={say("settingForm.moveDown", { number: at + 1 })}
              disabled={at === rules.length - 1}
              onClick={() => move(at, at + 1)}
            >
              <ArrowDown />
            </IconButton>
            <IconButton
              kind="ghost"
              size="md"
              align="top-end"
              label={say("settingForm.dropRule", { number: at + 1 })}
              onClick={() => change(rules.toSpliced(at, 1))}
            >
              <TrashCan />
            </IconButton>
          </div>
          <Overruled by={overruledBy(rules, at)} />
        </fieldset>
      ))}
      <p className="cds--visually-hidden" role="status">
        {moved && say("settingForm.moved", { from: moved.from + 1, to: moved.to + 1, count: rules.length })}
      </p>
      <div>
        <Button kind="tertiary" size="sm" renderIcon={Add} onClick={() => change([...rules, newRule])}>
          {say("settingForm.addRule")}
        </Button>
      </div>
      <RulesPreview before={inForce} after={rules} />
    </div>
  );
}

function Overruled({ by }: { readonly by: number | undefined }) {
  const { say } = useWords();
  if (by === undefined) return null;
  return <p className="rule-row__note">{say("settingForm.overruled", { number: by + 1 })}</p>;
}
