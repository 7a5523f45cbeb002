import { RadioButton, RadioButtonGroup } from "@carbon/react";
import type { ManualReport, RecordPreview } from "@tributary/admin-api";
import { useState } from "react";
import { useDeed } from "../../api/use-answer.ts";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { Notice } from "../../parts/notice.tsx";
import { useWords } from "../../words/words.tsx";
import { PreviewTable, ResultTable } from "./sync-record-tables.tsx";

type Direction = "both" | "push" | "pull";
type Scope = "record" | "patient";
type Told = { readonly records: readonly RecordPreview[] } | ManualReport;

/** Brings one record, or a whole patient, into step with the parent now: first a preview, then the thing itself. */
export function SyncRecordDialog({ reference, close }: { readonly reference: string; readonly close: () => void }) {
  const { say, sayNodeLine } = useWords();
  const [type, id = ""] = reference.split("/");
  const [scope, setScope] = useState<Scope>("record");
  const [direction, setDirection] = useState<Direction>("both");
  const deed = useDeed<Told>(["/records", "/timeline", "/status"]);
  const told = deed.data;
  const report = told && "results" in told ? told : undefined;
  const preview = told && "records" in told ? told.records : undefined;
  const run = (isPreview: boolean) =>
    deed.mutate({
      path: "/sync-records",
      body: { ...(scope === "patient" ? { patient: id } : { references: [reference] }), direction, preview: isPreview },
    });
  const choose =
    <Value,>(change: (value: Value) => void) =>
    (value: unknown) => {
      change(value as Value);
      deed.reset();
    };
  return (
    <FormDialog
      size="md"
      title={say("syncRecord.title", { reference })}
      submit={say(preview ? "syncRecord.run" : "syncRecord.preview")}
      isReady={!deed.isPending}
      isDone={report !== undefined}
      error={deed.error}
      onSubmit={() => run(preview === undefined)}
      close={close}
    >
      {type === "Patient" && (
        <RadioButtonGroup
          legendText={say("syncRecord.scope")}
          name="scope"
          valueSelected={scope}
          onChange={choose(setScope)}
          orientation="vertical"
        >
          <RadioButton id="scope-record" value="record" labelText={say("syncRecord.scopeRecord")} />
          <RadioButton id="scope-patient" value="patient" labelText={say("syncRecord.scopePatient")} />
        </RadioButtonGroup>
      )}
      <RadioButtonGroup
        legendText={say("syncRecord.direction")}
        name="direction"
        valueSelected={direction}
        onChange={choose(setDirection)}
        orientation="vertical"
      >
        <RadioButton id="direction-both" value="both" labelText={say("syncRecord.both")} />
        <RadioButton id="direction-push" value="push" labelText={say("syncRecord.push")} />
        <RadioButton id="direction-pull" value="pull" labelText={say("syncRecord.pull")} />
      </RadioButtonGroup>
      <div aria-live="polite">
        {preview && <PreviewTable records={preview} />}
        {report?.error && (
          <Notice kind="error" title={say("syncRecord.brokenOff", { reason: sayNodeLine(report.error) })} />
        )}
        {report && <ResultTable results={report.results} />}
      </div>
    </FormDialog>
  );
}
