import { Button, TextInput } from "@carbon/react";
import { useEffect, useState } from "react";
import { FilterSelect } from "../../parts/filter-select.tsx";
import { useWords } from "../../words/words.tsx";
import { auditOperations } from "./audit-operations.ts";
import type { AuditField, AuditFilterState } from "./use-audit-filter.ts";

/** Long enough that a word is asked for whole, short enough to feel at once. */
const typingPauseMs = 350;

/** What the trail is searched by. */
export function AuditFilters({ filter }: { readonly filter: AuditFilterState }) {
  const { say } = useWords();
  const { values, change, clear } = filter;
  return (
    <div className="filters filters--many">
      <TextFilter field="actor" filter={filter} />
      <TextFilter field="node" filter={filter} />
      <TextFilter field="reference" filter={filter} placeholder={say("audit.referenceHelp")} />
      <FilterSelect
        label={say("audit.operation")}
        value={values.operation}
        change={(operation) => change("operation", operation)}
        values={auditOperations}
        textOf={(operation) => say(`operation.${operation}`)}
      />
      <TextFilter field="outcome" filter={filter} />
      <TimeFilter field="since" filter={filter} />
      <TimeFilter field="until" filter={filter} />
      {clear && (
        <Button kind="ghost" size="md" className="filters__go" onClick={clear}>
          {say("audit.clear")}
        </Button>
      )}
    </div>
  );
}

function TextFilter({
  field,
  filter,
  placeholder = "",
}: {
  readonly field: Extract<AuditField, "actor" | "node" | "reference" | "outcome">;
  readonly filter: AuditFilterState;
  readonly placeholder?: string;
}) {
  const { say } = useWords();
  const value = filter.values[field];
  const [typed, type] = useState(value);
  useEffect(() => type(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const pause = setTimeout(() => filter.change(field, typed), typingPauseMs);
    return () => clearTimeout(pause);
  });
  return (
    <TextInput
      id={`audit-${field}`}
      labelText={say(`audit.${field}`)}
      placeholder={placeholder}
      value={typed}
      onChange={(event) => type(event.target.value)}
    />
  );
}

function TimeFilter({ field, filter }: { readonly field: "since" | "until"; readonly filter: AuditFilterState }) {
  const { say } = useWords();
  return (
    <TextInput
      id={`audit-${field}`}
      type="datetime-local"
      labelText={say(`audit.${field}`)}
      value={filter.values[field]}
      onChange={(event) => filter.change(field, event.target.value)}
    />
  );
}
