import { NumberInput, RadioButton, RadioButtonGroup } from "@carbon/react";
import { refusedProps } from "../../../parts/refused-props.tsx";
import { useWords } from "../../../words/words.tsx";
import { CronField } from "./cron-field.tsx";
import { scheduleOf } from "./schedule-of.ts";
import type { ScheduleKey, SettingValues } from "./setting-key.ts";

type Schedule = SettingValues[ScheduleKey];

const intervalAtFirst = 300;

/** When something goes by itself: with the pull, at intervals, or by the clock. */
export function ScheduleForm({
  name,
  value,
  change,
  refusalOf,
}: {
  readonly name: ScheduleKey;
  readonly value: Schedule;
  readonly change: (value: Schedule) => void;
  /** The node's sentence about a field. */
  readonly refusalOf: (field: string) => string | undefined;
}) {
  const { say, sayIfKnown } = useWords();
  const { kind } = scheduleOf(value);
  const kinds = name === "schedules.push" ? (["before-pull", "every", "cron"] as const) : (["every", "cron"] as const);
  const choose = (chosen: unknown) => {
    if (chosen === "cron") change({ cron: value.cron ?? "" });
    else change(chosen === "every" ? { everySeconds: value.everySeconds ?? intervalAtFirst } : {});
  };
  return (
    <>
      <RadioButtonGroup
        legendText={say("settingForm.when")}
        name="when"
        valueSelected={kind}
        onChange={choose}
        orientation="vertical"
      >
        {kinds.map((one) => (
          <RadioButton key={one} id={`when-${one}`} value={one} labelText={say(`settingForm.when.${one}`)} />
        ))}
      </RadioButtonGroup>
      {kind === "every" && (
        <NumberInput
          translateWithId={(id) => sayIfKnown(`icon.${id}`)}
          id="every-seconds"
          label={say("settingForm.seconds")}
          allowEmpty
          min={0}
          step={1}
          value={value.everySeconds ?? ""}
          onChange={(_, { value: typed }) => change({ everySeconds: Number(typed) })}
          {...refusedProps("every-seconds", refusalOf("everySeconds"))}
        />
      )}
      {kind === "cron" && (
        <CronField value={value.cron ?? ""} change={(cron) => change({ cron })} refusal={refusalOf("cron")} />
      )}
    </>
  );
}
