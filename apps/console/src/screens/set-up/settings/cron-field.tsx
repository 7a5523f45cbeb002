import { TextInput } from "@carbon/react";
import { refusedProps } from "../../../parts/refused-props.tsx";
import { useWords } from "../../../words/words.tsx";

/** Where a cron expression is written. */
export function CronField({
  value,
  change,
  refusal,
}: {
  readonly value: string;
  readonly change: (expression: string) => void;
  /** The node's sentence about it. */
  readonly refusal: string | undefined;
}) {
  const { say } = useWords();
  return (
    <TextInput
      id="cron"
      labelText={say("settingForm.cron")}
      helperText={say("settingForm.cronHelp")}
      autoComplete="off"
      spellCheck={false}
      value={value}
      onChange={(event) => change(event.target.value)}
      {...refusedProps("cron", refusal)}
    />
  );
}
