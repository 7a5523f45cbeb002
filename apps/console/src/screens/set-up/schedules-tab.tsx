import type { SettingAnswer } from "@tributary/admin-api";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Facts } from "../../parts/facts.tsx";
import { useSettings } from "../../parts/settings-table.tsx";
import { useWords } from "../../words/words.tsx";
import { AuditChanges } from "./audit-changes.tsx";
import { MergeRules } from "./merge-rules.tsx";
import { scheduleOf } from "./schedule-of.ts";

/** When this node works by itself, what goes and comes, who wins a conflict, and when any of that was changed. */
export function SchedulesTab() {
  const { say } = useWords();
  const settings = useSettings();
  const items = settings.data?.items ?? [];
  const value = (key: string) => items.find((one) => one.key === key)?.value ?? null;
  const list = (key: string, none: string) => (Array.isArray(value(key)) ? (value(key) as string[]).join(", ") : none);
  const rules = (value("merge.policies") as readonly MergeRule[] | null) ?? [];
  return (
    <>
      <ErrorNote error={settings.error} />
      <p className="section__lead">{say("schedules.lead")}</p>
      <section aria-labelledby="schedules-title">
        <h2 id="schedules-title" className="tab-title">
          {say("schedules.title")}
        </h2>
        <Facts
          facts={(["push", "pull", "verify"] as const).map((work) => [
            say(`schedules.${work}`),
            <Schedule key={work} items={items} work={work} />,
          ])}
        />
      </section>
      <section className="section" aria-labelledby="types-title">
        <h2 id="types-title">{say("schedules.types")}</h2>
        <Facts
          facts={[
            [say("schedules.pushOnly"), list("push.types.only", say("schedules.everyType"))],
            [say("schedules.pushExclude"), list("push.types.exclude", say("schedules.noType"))],
            [say("schedules.pullOnly"), list("pull.types.only", say("schedules.everyType"))],
            [say("schedules.pullExclude"), list("pull.types.exclude", say("schedules.noType"))],
          ]}
        />
      </section>
      <section className="section" aria-labelledby="policies-title">
        <h2 id="policies-title">{say("schedules.policies")}</h2>
        <MergeRules rules={rules} module={value("merge.strategies") as string | null} />
      </section>
      <section className="section" aria-labelledby="policy-changes-title">
        <h2 id="policy-changes-title">{say("schedules.changes")}</h2>
        <p className="quiet section__lead">{say("schedules.changesMore")}</p>
        <AuditChanges filter={{ operation: "configure", outcome: "configuration" }} />
      </section>
    </>
  );
}

/** Who wins where two sites changed the same element. */
export interface MergeRule {
  readonly type: string;
  readonly element?: string;
  readonly policy: string;
}

function Schedule({
  items,
  work,
}: {
  readonly items: readonly SettingAnswer[];
  readonly work: "push" | "pull" | "verify";
}) {
  const { say, duration } = useWords();
  const told = scheduleOf(items, work);
  switch (told.kind) {
    case "cron":
      return (
        <>
          {say("schedules.cron")} <code className="mono">{told.expression}</code>
          {told.timeZone !== null && ` (${told.timeZone})`}
        </>
      );
    case "every":
      return say("schedules.every", { time: duration(told.seconds * 1_000) });
    case "before-pull":
      return say("schedules.beforePull");
  }
}
