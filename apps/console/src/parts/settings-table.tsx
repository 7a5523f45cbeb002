import { Checkbox, Tag } from "@carbon/react";
import type { SettingAnswer } from "@tributary/admin-api";
import { useId, useState } from "react";
import { useAnswer } from "../api/use-answer.ts";
import { useWords } from "../words/words.tsx";
import { type Column, DataTable } from "./data-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { onePage } from "./one-page.ts";
import { SearchBox } from "./search-box.tsx";

/** Every setting as it is in force, by the key under which it is changed; secrets stay secret. */
export function SettingsTable({
  label,
  isOnlySetAtFirst = false,
}: {
  readonly label: string;
  /** Whether what has its default value is left out until somebody asks for it. */
  readonly isOnlySetAtFirst?: boolean;
}) {
  const { say, sayMeaning } = useWords();
  const id = useId();
  const [q, seek] = useState("");
  const [isOnlySet, setOnlySet] = useState(isOnlySetAtFirst);
  const answer = useSettings();
  const found = answer.data?.items.filter(
    ({ key, description, isDefault }) =>
      `${key} ${sayMeaning(key, description)}`.toLowerCase().includes(q.toLowerCase()) && !(isOnlySet && isDefault),
  );
  const columns: readonly Column<SettingAnswer>[] = [
    { key: "key", title: say("settings.key"), cell: ({ key }) => <code className="mono nowrap">{key}</code> },
    { key: "value", title: say("settings.value"), cell: (setting) => <SettingValue setting={setting} /> },
    {
      key: "meaning",
      title: say("settings.meaning"),
      cell: ({ key, description }) => <span className="prose">{sayMeaning(key, description)}</span>,
    },
  ];
  return (
    <>
      <div className="filters">
        <SearchBox label={say("settings.find")} value={q} change={seek} />
        <Checkbox
          id={id}
          labelText={say("settings.onlySet")}
          checked={isOnlySet}
          onChange={(_, { checked }) => setOnlySet(checked)}
        />
      </div>
      <DataTable
        label={label}
        columns={columns}
        pages={onePage(answer, found)}
        keyOf={({ key }) => key}
        empty={<EmptyState title={say("settings.none")} />}
      />
    </>
  );
}

/** The settings of this node. */
export function useSettings() {
  return useAnswer<{ readonly items: readonly SettingAnswer[] }>("/configuration");
}

function SettingValue({ setting: { value, isSecret, isDefault } }: { readonly setting: SettingAnswer }) {
  const { say } = useWords();
  if (isSecret) return <Tag size="sm">{say("settings.secret")}</Tag>;
  if (value === null || value === undefined) return <span className="quiet">{say("settings.notSet")}</span>;
  const text = typeof value === "string" ? value : linesOf(value);
  return (
    <span className="setting">
      <code className="mono">{text}</code>
      <span className="quiet">{say(isDefault ? "settings.default" : "settings.set")}</span>
    </span>
  );
}

/** A value as JSON; of a list that is more than a word or two, each item on a line of its own. */
function linesOf(value: unknown): string {
  if (!Array.isArray(value) || !value.some((item) => typeof item === "object")) {
    return JSON.stringify(value, null, 1).replace(/\s*\n\s*/g, " ");
  }
  return value.map((item) => linesOf(item)).join("\n");
}
