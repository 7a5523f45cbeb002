import type { SettingsAnswer } from "@tributary/admin-api";
import type { ReactNode } from "react";
import { useAnswer } from "../../../api/use-answer.ts";
import { ErrorNote } from "../../../parts/error-note.tsx";
import { Facts } from "../../../parts/facts.tsx";
import { useSettings } from "../../../parts/settings-table.tsx";
import { useWords } from "../../../words/words.tsx";
import { AuditChanges } from "../audit-changes.tsx";
import { MergeRules } from "./merge-rules.tsx";
import type { SettingKey } from "./setting-key.ts";
import { SettingRow } from "./setting-row.tsx";
import { SettingsHistory } from "./settings-history.tsx";

/** When this node works by itself, what goes and comes, who wins a conflict; all of it changed here, and by whom it was. */
export function SchedulesTab() {
  const { say } = useWords();
  const settings = useAnswer<SettingsAnswer>("/settings");
  return (
    <>
      <ErrorNote error={settings.error} />
      <p className="section__lead">{say("schedules.lead")}</p>
      {settings.data && <SettingsInForce settings={settings.data} />}
      <Part title={say("settingsHistory.title")} name="settings-history">
        <SettingsHistory />
      </Part>
      <Part title={say("schedules.changes")} name="configuration-changes">
        <p className="quiet section__lead">{say("schedules.changesMore")}</p>
        <AuditChanges filter={{ operation: "configure", outcome: "configuration" }} />
      </Part>
    </>
  );
}

function SettingsInForce({ settings }: { readonly settings: SettingsAnswer }) {
  const { say } = useWords();
  const configuration = useSettings();
  const value = (key: string) => configuration.data?.items.find((one) => one.key === key)?.value;
  const module = value("merge.strategies");
  const timeZone = value("node.timeZone");
  const row = (name: SettingKey) => <SettingRow key={name} name={name} settings={settings} />;
  return (
    <>
      <Part title={say("schedules.title")} name="schedules">
        {value("node.role") === "parent" && <p className="quiet section__lead">{say("schedules.ofParent")}</p>}
        <Facts
          facts={[
            [say("schedules.push"), row("schedules.push")],
            [say("schedules.pull"), row("schedules.pull")],
            [say("schedules.verify"), row("verify")],
            [say("schedules.timeZone"), typeof timeZone === "string" ? timeZone : undefined],
          ]}
        />
      </Part>
      <Part title={say("schedules.types")} name="types">
        <Facts
          facts={[
            [say("schedules.typesPush"), row("types.push")],
            [say("schedules.typesPull"), row("types.pull")],
            [say("schedules.first"), row("push.first")],
          ]}
        />
      </Part>
      <Part title={say("schedules.policies")} name="policies">
        <SettingRow name="policies" settings={settings}>
          <MergeRules rules={settings.policies.value} module={typeof module === "string" ? module : null} />
        </SettingRow>
      </Part>
    </>
  );
}

function Part({
  title,
  name,
  children,
}: {
  readonly title: string;
  readonly name: string;
  readonly children: ReactNode;
}) {
  return (
    <section className="section" aria-labelledby={`${name}-title`}>
      <h2 id={`${name}-title`}>{title}</h2>
      {children}
    </section>
  );
}
