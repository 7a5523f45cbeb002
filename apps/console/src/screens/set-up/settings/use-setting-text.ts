import { useWords } from "../../../words/words.tsx";
import { scheduleOf } from "./schedule-of.ts";
import type { ScheduleKey, SettingKey, SettingValues, TypesKey } from "./setting-key.ts";

/** Tells a setting in words. */
export function useSettingText() {
  const { say, sayIfKnown, duration } = useWords();
  const scheduleText = (schedule: SettingValues[ScheduleKey]): string => {
    const told = scheduleOf(schedule);
    switch (told.kind) {
      case "cron":
        return `${say("schedules.cron")} ${told.expression}`;
      case "every":
        return isRound(told.seconds)
          ? say("schedules.every", { time: duration(told.seconds * 1_000) })
          : say("schedules.everySeconds", { count: told.seconds });
      case "before-pull":
        return say("schedules.beforePull");
    }
  };
  const typesText = ({ only, exclude }: SettingValues[TypesKey]): string => {
    const those = only ? say("schedules.only", { types: only.join(", ") }) : say("schedules.everyType");
    return exclude && exclude.length > 0 ? `${those}, ${say("schedules.not", { types: exclude.join(", ") })}` : those;
  };
  const rulesText = (rules: SettingValues["policies"]): string =>
    rules
      .map(({ type, element, policy }) => {
        const what = type === "*" ? say("schedules.everyType") : type;
        return `${element === undefined ? what : `${what}.${element}`}: ${sayIfKnown(`policy.${policy}`)}`;
      })
      .join("; ");
  const verifyText = ({ cron, repair }: SettingValues["verify"]): string => {
    const when = scheduleText({ cron });
    return repair ? say("schedules.mends", { when }) : when;
  };
  return <Key extends SettingKey>(key: Key, value: SettingValues[Key]): string => {
    if (key === "policies") return rulesText(value as SettingValues["policies"]) || say("schedules.noRule");
    if (key === "verify") return verifyText(value as SettingValues["verify"]);
    if (key === "push.first") return (value as string[]).join(", ") || say("schedules.nothingFirst");
    if (key === "types.push" || key === "types.pull") return typesText(value as SettingValues[TypesKey]);
    return scheduleText(value as SettingValues[ScheduleKey]);
  };
}

/** Whether so many seconds are told exactly in the largest unit that they reach. */
function isRound(seconds: number): boolean {
  return seconds >= 60 && seconds % (seconds >= 3_600 ? 3_600 : 60) === 0;
}
