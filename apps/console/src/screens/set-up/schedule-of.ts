import type { SettingAnswer } from "@tributary/admin-api";

/** When a node does something by itself. */
export type Schedule =
  | { readonly kind: "cron"; readonly expression: string; readonly timeZone: string | null }
  | { readonly kind: "every"; readonly seconds: number }
  | { readonly kind: "before-pull" };

/** When a node pushes, pulls or verifies, by its settings: a cron expression goes before an interval. Pure. */
export function scheduleOf(
  settings: readonly Pick<SettingAnswer, "key" | "value">[],
  work: "push" | "pull" | "verify",
): Schedule {
  const value = (key: string) => settings.find((one) => one.key === key)?.value;
  const cron = value(`${work}.cron`);
  const timeZone = value("node.timeZone");
  if (typeof cron === "string") {
    return { kind: "cron", expression: cron, timeZone: typeof timeZone === "string" ? timeZone : null };
  }
  const seconds = value(`${work}.everySeconds`);
  return typeof seconds === "number" ? { kind: "every", seconds } : { kind: "before-pull" };
}
