import { Select, SelectItem, TextInput } from "@carbon/react";
import { refusedProps } from "../../../parts/refused-props.tsx";
import { useWords } from "../../../words/words.tsx";
import type { SettingValues } from "./setting-key.ts";

type Rule = SettingValues["policies"][number];

/** What is written of a rule. */
export type RuleField = "type" | "element" | "policy";

const policies = ["merge", "manual", "parent-wins", "child-wins", "latest-wins"] as const;

/** The fields of one rule about who wins: for what it is, and who does. */
export function RuleFields({
  at,
  rule,
  change,
  refusalOf,
}: {
  readonly at: number;
  readonly rule: Rule;
  readonly change: (rule: Rule) => void;
  /** The node's sentence about a field. */
  readonly refusalOf: (field: RuleField) => string | undefined;
}) {
  const { say } = useWords();
  const { type, element, policy } = rule;
  return (
    <>
      <RuleText
        id={`rule-type-${at}`}
        label={say("conflicts.type")}
        help={say("settingForm.typeHelp")}
        value={type}
        refusal={refusalOf("type")}
        change={(written) => change({ ...rule, type: written })}
      />
      <RuleText
        id={`rule-element-${at}`}
        label={say("conflicts.element")}
        help={say("settingForm.elementHelp")}
        value={element ?? ""}
        refusal={refusalOf("element")}
        change={(written) => change(written === "" ? { type, policy } : { type, element: written, policy })}
      />
      <Select
        id={`rule-policy-${at}`}
        labelText={say("schedules.policy")}
        value={policy}
        onChange={(event) => change({ ...rule, policy: event.target.value as Rule["policy"] })}
        {...refusedProps(`rule-policy-${at}`, refusalOf("policy"))}
      >
        {policies.map((one) => (
          <SelectItem key={one} value={one} text={say(`policy.${one}`)} />
        ))}
      </Select>
    </>
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
