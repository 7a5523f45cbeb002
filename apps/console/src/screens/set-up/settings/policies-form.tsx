import { Add, TrashCan } from "@carbon/icons-react";
import { Button, IconButton, Select, SelectItem, TextInput } from "@carbon/react";
import { useWords } from "../../../words/words.tsx";
import { refusedProps } from "./refused-props.tsx";
import type { SettingValues } from "./setting-key.ts";

type Rules = SettingValues["policies"];
type Rule = Rules[number];

/** What is written of a rule. */
export type RuleField = "type" | "element" | "policy";

const policies = ["merge", "manual", "parent-wins", "child-wins", "latest-wins"] as const;
const newRule: Rule = { type: "", policy: "manual" };

/** The rules about who wins, a row each. */
export function PoliciesForm({
  rules,
  change,
  refusalOf,
}: {
  readonly rules: Rules;
  readonly change: (rules: Rules) => void;
  /** The node's sentence about a field of a rule. */
  readonly refusalOf: (field: RuleField, at: number) => string | undefined;
}) {
  const { say } = useWords();
  const put = (at: number, rule: Rule) => change(rules.map((one, place) => (place === at ? rule : one)));
  return (
    <div className="form-rows">
      {rules.length === 0 && <p>{say("schedules.noRules")}</p>}
      {rules.map((rule, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: A rule is named by its place, and by nothing else.
        <fieldset key={at} className="rule-row">
          <legend className="cds--visually-hidden">{say("settingForm.rule", { number: at + 1 })}</legend>
          <RuleText
            id={`rule-type-${at}`}
            label={say("conflicts.type")}
            help={say("settingForm.typeHelp")}
            value={rule.type}
            refusal={refusalOf("type", at)}
            change={(type) => put(at, { ...rule, type })}
          />
          <RuleText
            id={`rule-element-${at}`}
            label={say("conflicts.element")}
            help={say("settingForm.elementHelp")}
            value={rule.element ?? ""}
            refusal={refusalOf("element", at)}
            change={(element) => {
              const { type, policy } = rule;
              put(at, element === "" ? { type, policy } : { type, element, policy });
            }}
          />
          <Select
            id={`rule-policy-${at}`}
            labelText={say("schedules.policy")}
            value={rule.policy}
            onChange={(event) => put(at, { ...rule, policy: event.target.value as Rule["policy"] })}
            {...refusedProps(`rule-policy-${at}`, refusalOf("policy", at))}
          >
            {policies.map((policy) => (
              <SelectItem key={policy} value={policy} text={say(`policy.${policy}`)} />
            ))}
          </Select>
          <IconButton
            kind="ghost"
            size="md"
            align="left"
            label={say("settingForm.dropRule", { number: at + 1 })}
            onClick={() => change(rules.filter((_, place) => place !== at))}
          >
            <TrashCan />
          </IconButton>
        </fieldset>
      ))}
      <div>
        <Button kind="tertiary" size="sm" renderIcon={Add} onClick={() => change([...rules, newRule])}>
          {say("settingForm.addRule")}
        </Button>
      </div>
    </div>
  );
}

function RuleText({
  id,
  label,
  help,
  value,
  refusal,
  change,
}: {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly refusal: string | undefined;
  readonly change: (text: string) => void;
}) {
  return (
    <TextInput
      id={id}
      labelText={label}
      helperText={help}
      autoComplete="off"
      spellCheck={false}
      value={value}
      onChange={(event) => change(event.target.value.trim())}
      {...refusedProps(id, refusal)}
    />
  );
}
