import { Checkbox } from "@carbon/react";
import { useWords } from "../../../words/words.tsx";
import { CronField } from "./cron-field.tsx";
import type { SettingValues } from "./setting-key.ts";

type Verify = SettingValues["verify"];

/** When all records are compared with the parent's, and whether what differs is mended too. */
export function VerifyForm({
  value,
  change,
  refusalOf,
}: {
  readonly value: Verify;
  readonly change: (value: Verify) => void;
  /** The node's sentence about a field. */
  readonly refusalOf: (field: string) => string | undefined;
}) {
  const { say } = useWords();
  return (
    <>
      <CronField value={value.cron} change={(cron) => change({ ...value, cron })} refusal={refusalOf("cron")} />
      <Checkbox
        id="verify-repair"
        labelText={say("settingForm.repair")}
        helperText={say("settingForm.repairHelp")}
        checked={value.repair}
        onChange={(_, { checked }) => change({ ...value, repair: checked })}
      />
    </>
  );
}
