import { Table, TableBody, TableCell, TableContainer, TableHead, TableHeader, TableRow, Tag } from "@carbon/react";
import type { SettingAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { useAnswer } from "../../api/use-answer.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { useWords } from "../../words/words.tsx";

/** Every setting as it is in force, whether it was set or not; secrets stay secret. */
export function Configuration() {
  const { say } = useWords();
  const [q, setQ] = useState("");
  const settings = useAnswer<{ readonly items: readonly SettingAnswer[] }>("/configuration");
  const items = (settings.data?.items ?? []).filter(({ key, description }) =>
    `${key} ${description}`.toLowerCase().includes(q.toLowerCase()),
  );
  return (
    <section className="section" aria-labelledby="configuration">
      <h2 id="configuration">{say("node.configuration")}</h2>
      <ErrorNote error={settings.error} />
      <div className="filters">
        <SearchBox label={say("node.searchSettings")} value={q} change={setQ} />
      </div>
      <TableContainer className="list">
        <Table size="sm" aria-label={say("node.configuration")}>
          <TableHead>
            <TableRow>
              <TableHeader>{say("node.setting")}</TableHeader>
              <TableHeader>{say("node.value")}</TableHeader>
              <TableHeader>{say("node.meaning")}</TableHeader>
            </TableRow>
          </TableHead>
          <TableBody>
            {items.map((setting) => (
              <TableRow key={setting.key}>
                <TableCell className="mono">{setting.key}</TableCell>
                <TableCell>
                  <SettingValue setting={setting} />
                </TableCell>
                <TableCell className="wraps">{setting.description}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </TableContainer>
    </section>
  );
}

function SettingValue({ setting: { value, isSecret, isDefault } }: { readonly setting: SettingAnswer }) {
  const { say } = useWords();
  if (isSecret) return <Tag size="sm">{say("node.secret")}</Tag>;
  if (value === null || value === undefined) return <span className="quiet">{say("node.notSet")}</span>;
  return (
    <>
      <span className="mono">{typeof value === "string" ? value : JSON.stringify(value)}</span>{" "}
      {isDefault && <span className="quiet">({say("node.default")})</span>}
    </>
  );
}
