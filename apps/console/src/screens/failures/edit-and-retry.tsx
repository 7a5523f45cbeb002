import { Button, TextArea } from "@carbon/react";
import type { AdminAnswer, FailureDetail } from "@tributary/admin-api";
import { useState } from "react";
import { keepDigits } from "../../api/digits.ts";
import { useDeed } from "../../api/use-answer.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { useWords } from "../../words/words.tsx";

/** Lines of the field at the least and at the most; a record seldom needs more to be seen at once. */
const rows = { least: 8, most: 32 } as const;

/** Mends a record as JSON and has the event sent again with it; what the validator says stands above the field. */
export function EditAndRetry({
  failureId,
  record: { reference, version, body },
  close,
}: {
  readonly failureId: string;
  readonly record: NonNullable<FailureDetail["records"]>[number];
  /** Ends the editing, with a sentence about what came of it. */
  readonly close: (told?: string) => void;
}) {
  const { say } = useWords();
  const [text, write] = useState(JSON.stringify(body, null, 2));
  const deed = useDeed<AdminAnswer<"POST /failures/:id/edit">>(["/failures", "/status", "/records", "/timeline"]);
  const read = recordIn(text);
  const path = `/failures/${encodeURIComponent(failureId)}/edit`;
  return (
    <form
      className="form-rows spaced-top"
      onSubmit={(event) => {
        event.preventDefault();
        if (!read) return;
        deed.mutate(
          { path, body: { body: read, version } },
          { onSuccess: (told) => close(say("failures.edited", { reference, version: told.version })) },
        );
      }}
    >
      <ErrorNote error={deed.error} />
      <TextArea
        id={`edit-${reference}`}
        className="mono-input"
        labelText={say("failures.editLabel", { reference })}
        helperText={say("failures.editHelp")}
        rows={Math.min(rows.most, Math.max(rows.least, text.split("\n").length))}
        invalid={read === undefined}
        invalidText={say("conflicts.notJson")}
        value={text}
        onChange={(event) => write(event.target.value)}
        spellCheck={false}
      />
      <div className="actions">
        <Button type="submit" size="md" disabled={read === undefined || deed.isPending}>
          {say("failures.editSave")}
        </Button>
        <Button kind="ghost" size="md" onClick={() => close()}>
          {say("common.cancel")}
        </Button>
      </div>
    </form>
  );
}

/** The record that a text is, with its numbers as they were typed; `undefined` while it is no JSON object. */
function recordIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
