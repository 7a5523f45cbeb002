import { useState } from "react";
import { useDeed } from "../../../api/use-answer.ts";
import { FormDialog } from "../../../parts/form-dialog.tsx";
import { ReasonField } from "../../../parts/reason-field.tsx";
import { TypesField } from "../../../parts/types-field.tsx";
import { useWords } from "../../../words/words.tsx";
import { PoliciesForm } from "./policies-form.tsx";
import { type RefusedField, refusedField } from "./refused-field.ts";
import type { RuleField } from "./rule-fields.tsx";
import { ScheduleForm } from "./schedule-form.tsx";
import { changeOf, type SettingKey, type SettingValues } from "./setting-key.ts";
import { TypesForm } from "./types-form.tsx";
import { VerifyForm } from "./verify-form.tsx";

/** What a change of settings makes out of date. */
export const settingsOutdate: readonly string[] = ["/settings", "/configuration", "/audit", "/status", "/network"];

/**
 * Changes one setting. What the node does not take stays as it was typed, with its sentence at the field that it is about,
 * or above the form when it is about none of them.
 */
export function SettingDialog<Key extends SettingKey>({
  name,
  inForce,
  follows,
  close,
}: {
  readonly name: Key;
  readonly inForce: SettingValues[Key];
  /** The version that was looked at; another change since is not written over. */
  readonly follows: number;
  readonly close: () => void;
}) {
  const { say, sayNodeLine } = useWords();
  const [value, change] = useState<SettingValues[Key]>(inForce);
  const [reason, write] = useState("");
  const [version] = useState(follows);
  const deed = useDeed(settingsOutdate);
  const refused = deed.error && deed.error.status >= 400 && deed.error.status !== 409 ? deed.error : undefined;
  const field = refused && refusedField(refused.message);
  const isAtField = field !== undefined && hasField(name, field);
  const save = () => {
    const body = changeOf(name, value, { version, reason: reason.trim() });
    deed.mutate({ method: "PUT", path: "/settings", body }, { onSuccess: close });
  };
  const edit = (changed: SettingValues[SettingKey]) => change(changed as SettingValues[Key]);
  return (
    <FormDialog
      size={name === "policies" ? "lg" : "sm"}
      title={say("settingForm.title", { setting: say(`setting.${name}`) })}
      submit={say("users.save")}
      isReady={!deed.isPending && reason.trim() !== ""}
      error={isAtField ? null : deed.error}
      onSubmit={save}
      close={close}
    >
      <SettingForm
        name={name}
        value={value}
        inForce={inForce}
        change={edit}
        refused={isAtField ? field : undefined}
        refusal={refused && sayNodeLine(refused)}
      />
      <ReasonField reason={reason} write={write} />
    </FormDialog>
  );
}

function SettingForm({
  name,
  value,
  inForce,
  change,
  refused,
  refusal,
}: {
  readonly name: SettingKey;
  readonly value: SettingValues[SettingKey];
  readonly inForce: SettingValues[SettingKey];
  readonly change: (value: SettingValues[SettingKey]) => void;
  /** The field that the node refuses, if it is one of this form. */
  readonly refused: RefusedField | undefined;
  /** Why it does. */
  readonly refusal: string | undefined;
}) {
  const { say } = useWords();
  if (name === "policies") {
    const refusalOf = (field: RuleField, at: number) => (isOfRule(refused, field, at) ? refusal : undefined);
    const rules = value as SettingValues[typeof name];
    const rulesInForce = inForce as SettingValues[typeof name];
    return <PoliciesForm rules={rules} inForce={rulesInForce} change={change} refusalOf={refusalOf} />;
  }
  const refusalOf = (field: string) => (refused?.name === field ? refusal : undefined);
  if (name === "types.push" || name === "types.pull") {
    return <TypesForm value={value as SettingValues[typeof name]} change={change} refusalOf={refusalOf} />;
  }
  if (name === "verify") {
    return <VerifyForm value={value as SettingValues[typeof name]} change={change} refusalOf={refusalOf} />;
  }
  if (name === "push.first") {
    return (
      <TypesField
        id="types-first"
        label={say("settingForm.first")}
        help={say("settingForm.firstHelp")}
        types={value as SettingValues[typeof name]}
        change={change}
        refusal={refusalOf("first")}
      />
    );
  }
  const schedule = value as SettingValues[typeof name];
  return <ScheduleForm name={name} value={schedule} change={change} refusalOf={refusalOf} />;
}

/** What the forms have fields for; that of the rules has some for each rule. */
const fieldsOf: Readonly<Record<Exclude<SettingKey, "policies">, readonly string[]>> = {
  "schedules.push": ["everySeconds", "cron"],
  "schedules.pull": ["everySeconds", "cron"],
  verify: ["cron"],
  "types.push": ["only", "exclude"],
  "types.pull": ["only", "exclude"],
  "push.first": ["first"],
};

/** Whether the form of a setting shows the field that a refusal is about. */
function hasField(name: SettingKey, { name: field, at }: RefusedField): boolean {
  if (name === "policies") return at !== undefined;
  return field !== undefined && fieldsOf[name].includes(field);
}

/** Whether a refusal is about a field of a rule; what is said of a whole rule stands at its type. */
function isOfRule(refused: RefusedField | undefined, field: RuleField, at: number): boolean {
  if (refused === undefined || refused.at !== at) return false;
  return (refused.name === "element" || refused.name === "policy" ? refused.name : "type") === field;
}
