import type { SettingsVersion } from "@tributary/admin-api";
import { pathWith } from "../../../api/path-with.ts";
import { useAnswer } from "../../../api/use-answer.ts";
import { usePages } from "../../../api/use-pages.ts";
import { type Column, DataTable } from "../../../parts/data-table.tsx";
import { EmptyState } from "../../../parts/empty-state.tsx";
import { useWords } from "../../../words/words.tsx";
import { type SettingKey, setUnder } from "./setting-key.ts";
import { changedSettings } from "./settings-changes.ts";
import { useSettingText } from "./use-setting-text.ts";

interface HistoryAnswer {
  readonly items: readonly SettingsVersion[];
  readonly next: string | null;
}

const path = "/settings/history";

/** Who changed the settings, when and why, and what became what; the latest first. */
export function SettingsHistory() {
  const { say, time, number } = useWords();
  const pages = usePages(path, {}, ({ items }: HistoryAnswer) => items);
  const next = pages.answer.data?.next ?? undefined;
  // What the last version of a page changed is seen by the one before it.
  const beyond = useAnswer<HistoryAnswer>(pathWith(path, { after: next, limit: 1 }), { enabled: next !== undefined });
  const before = ({ version }: SettingsVersion) =>
    [...pages.items, ...(next === undefined ? [] : (beyond.data?.items ?? []))].find(
      (one) => one.version === version - 1,
    );
  const columns: readonly Column<SettingsVersion>[] = [
    { key: "version", title: say("settingsHistory.version"), isNumber: true, cell: ({ version }) => number(version) },
    {
      key: "at",
      title: say("audit.at"),
      cell: ({ setAt }) => <time dateTime={new Date(setAt).toISOString()}>{time(setAt)}</time>,
    },
    { key: "who", title: say("audit.who"), cell: ({ setBy }) => setBy },
    {
      key: "what",
      title: say("changes.what"),
      cell: (version) => {
        const earlier = before(version)?.settings;
        return (
          <ul className="plain">
            {changedSettings(earlier, version.settings).map((key) => (
              <li key={key}>
                <Change name={key} before={earlier} after={version.settings} />
              </li>
            ))}
          </ul>
        );
      },
    },
    { key: "reason", title: say("changes.reason"), cell: ({ reason }) => reason },
  ];
  return (
    <DataTable
      label={say("settingsHistory.title")}
      columns={columns}
      pages={pages}
      keyOf={({ version }) => String(version)}
      empty={<EmptyState title={say("settingsHistory.none")} />}
    />
  );
}

function Change({
  name,
  before,
  after,
}: {
  readonly name: SettingKey;
  readonly before: SettingsVersion["settings"] | undefined;
  readonly after: SettingsVersion["settings"];
}) {
  const { say } = useWords();
  const settingText = useSettingText();
  const text = (settings: SettingsVersion["settings"]) => {
    const value = setUnder(settings, name);
    return value === undefined ? say("settingsHistory.file") : settingText(name, value);
  };
  return (
    <>
      {say(`setting.${name}`)}: <span className="changes__before">{text(before ?? {})}</span> →{" "}
      <span className="changes__after">{text(after)}</span>
    </>
  );
}
