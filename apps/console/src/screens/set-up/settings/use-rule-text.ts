import { useWords } from "../../../words/words.tsx";
import type { SettingValues } from "./setting-key.ts";

type Subject = Pick<SettingValues["policies"][number], "type" | "element">;

/** Tells in words what a rule about who wins is for. */
export function useRuleText() {
  const { say } = useWords();
  return {
    typeText: ({ type }: Subject) => (type === "*" ? say("schedules.everyType") : type),
    elementText: ({ element }: Subject) =>
      element === undefined ? say("schedules.wholeRecord") : element === "*" ? say("schedules.everyElement") : element,
  };
}
