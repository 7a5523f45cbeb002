import { Checkbox, Search } from "@carbon/react";
import type { SettingAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { useAnswer } from "../../api/use-answer.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { onePage } from "../../parts/one-page.ts";
import { useWords } from "../../words/words.tsx";

/** Every setting as it is in force, by the key under which it is changed. */
export function ConfigurationTab() {
  const { say } = useWords();
  const [sought, seek] = useState("");
  const [isOnlySet, setOnlySet] = useState(false);
  const answer = useAnswer<{ readonly items: readonly SettingAnswer[] }>("/configuration");
  const words = sought.trim().toLowerCase();
  const found = answer.data?.items.filter(
    ({ key, description, isDefault }) =>
      `${key} ${description}`.toLowerCase().includes(words) && !(isOnlySet && isDefault),
  );
  const columns: readonly Column<SettingAnswer>[] = [
    { key: "key", title: say("settings.key"), cell: ({ key }) => <code className="mono">{key}</code> },
    { key: "value", title: say("settings.value"), cell: (setting) => <SettingValue setting={setting} /> },
    {
      key: "meaning",
      title: say("settings.meaning"),
      cell: ({ description }) => <span className="prose">{description}</span>,
    },
  ];
  return (
    <>
      <p className="section__lead">{say("settings.lead")}</p>
      <div className="filters">
        <Search
          className="filters__search"
          id="settings-search"
          size="md"
          labelText={say("settings.find")}
          placeholder={say("settings.find")}
          closeButtonLabelText={say("common.close")}
          value={sought}
          onChange={(event) => seek(event.target.value)}
        />
        <Checkbox
          id="settings-only-set"
          labelText={say("settings.onlySet")}
          checked={isOnlySet}
          onChange={(_, { checked }) => setOnlySet(checked)}
        />
      </div>
      <DataTable
        label={say("setUpScreen.configuration")}
        columns={columns}
        pages={onePage(answer, found)}
        keyOf={({ key }) => key}
        empty={<EmptyState title={say("settings.none")} />}
      />
    </>
  );
}

function SettingValue({ setting: { value, isSecret, isDefault } }: { readonly setting: SettingAnswer }) {
  const { say } = useWords();
  if (isSecret) return <span className="quiet">{say("settings.secret")}</span>;
  if (value === null || value === undefined) return <span className="quiet">{say("settings.notSet")}</span>;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return (
    <span className="setting">
      <code className="mono">{text}</code>
      <span className="quiet">{say(isDefault ? "settings.default" : "settings.set")}</span>
    </span>
  );
}
