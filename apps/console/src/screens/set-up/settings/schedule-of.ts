/** When a node does something by itself. */
export type Schedule =
  | { readonly kind: "cron"; readonly expression: string }
  | { readonly kind: "every"; readonly seconds: number }
  | { readonly kind: "before-pull" };

/** What is set about when: a cron expression goes before an interval. Pure. */
export function scheduleOf({
  cron,
  everySeconds,
}: {
  readonly cron?: unknown;
  readonly everySeconds?: unknown;
}): Schedule {
  if (typeof cron === "string") return { kind: "cron", expression: cron };
  return typeof everySeconds === "number" ? { kind: "every", seconds: everySeconds } : { kind: "before-pull" };
}
