import { Button, TextArea } from "@carbon/react";
import type { CatchmentPreview } from "@tributary/admin-api";
import { useState } from "react";
import { useDeed } from "../../api/use-answer.ts";
import { ConfirmWithReason } from "../../parts/confirm-with-reason.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { useWords } from "../../words/words.tsx";
import { RuleExamples } from "./rule-examples.tsx";
import { RulePreview } from "./rule-preview.tsx";
import { RuleText } from "./rule-text.tsx";

/** Changes a rule as JSON, reads it out, and saves it once it was seen whom it moves. */
export function RuleEditor({
  name,
  rule,
  done,
}: {
  readonly name: string;
  readonly rule: unknown;
  readonly done: (saved: boolean) => void;
}) {
  const { say } = useWords();
  const [text, write] = useState(rule === undefined ? "" : JSON.stringify(rule, null, 2));
  const [isSaving, save] = useState(false);
  const preview = useDeed<CatchmentPreview>([]);
  const saving = useDeed(["/catchments", "/audit"]);
  const read = parsed(text);
  const change = (changed: string) => {
    write(changed);
    preview.reset();
  };
  return (
    <div className="rule-editor">
      <RuleExamples choose={change} />
      <div className="rule-editor__both">
        <TextArea
          id="rule-json"
          className="mono-input"
          labelText={say("catchment.json")}
          helperText={say("catchment.jsonHelp")}
          rows={12}
          value={text}
          onChange={(event) => change(event.target.value)}
          invalid={text !== "" && read === undefined}
          invalidText={say("catchment.notJson")}
        />
        <div>
          <p className="label">{say("catchment.reads")}</p>
          {read === undefined ? <p className="quiet">–</p> : <RuleText rule={read} />}
        </div>
      </div>
      <div className="actions">
        <Button
          size="md"
          disabled={read === undefined || name === "" || preview.isPending}
          onClick={() => preview.mutate({ path: "/catchments/preview", body: { name, rule: read } })}
        >
          {say("catchment.preview")}
        </Button>
        <Button kind="secondary" size="md" disabled={!preview.data} onClick={() => save(true)}>
          {say("catchment.save")}
        </Button>
        <Button kind="ghost" size="md" onClick={() => done(false)}>
          {say("common.cancel")}
        </Button>
      </div>
      <div aria-live="polite">
        <ErrorNote error={preview.error} />
        {preview.data ? (
          <RulePreview preview={preview.data} />
        ) : (
          <p className="quiet">{say("catchment.previewFirst")}</p>
        )}
      </div>
      {isSaving && preview.data && (
        <ConfirmWithReason
          title={say("catchment.saveTitle")}
          confirm={say("catchment.save")}
          error={saving.error}
          busy={saving.isPending}
          onCancel={() => save(false)}
          onConfirm={(reason) =>
            saving.mutate(
              { method: "PUT", path: `/catchments/${encodeURIComponent(name)}`, body: { rule: read, reason } },
              { onSuccess: () => done(true) },
            )
          }
        >
          <p>{say("catchment.saveMore", { entering: preview.data.entering, leaving: preview.data.leaving })}</p>
        </ConfirmWithReason>
      )}
    </div>
  );
}

/** The rule that a text is, or `undefined` while it is no JSON object. */
function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
