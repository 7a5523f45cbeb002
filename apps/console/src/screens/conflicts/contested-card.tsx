import { RadioButton, RadioButtonGroup, TextArea } from "@carbon/react";
import type { ConflictDetail } from "@tributary/admin-api";
import { useWords } from "../../words/words.tsx";
import { type Choice, readTyped, typedFrom } from "./choice.ts";
import { ConflictStateTag } from "./conflict-state.tsx";
import { DifferenceTable } from "./difference-table.tsx";
import { elementName } from "./element-name.ts";
import { HandTitle } from "./hand-title.tsx";
import { PreviewNote } from "./preview-note.tsx";
import type { PreviewTold } from "./use-previews.ts";

const takes = ["parent", "child", "current", "value"] as const;

/** One contested element: what both sides say of it, and the choice for those who may decide. */
export function ContestedCard({
  detail,
  choice,
  preview,
  choose,
}: {
  readonly detail: ConflictDetail;
  readonly choice: Choice | undefined;
  /** What would come of the choice. */
  readonly preview?: PreviewTold | undefined;
  /** Left out where the user may not decide, or nothing is left to decide. */
  readonly choose?: ((choice: Choice) => void) | undefined;
}) {
  const { say, sayIfKnown, sayElement } = useWords();
  const { conflict } = detail;
  const { element, conflictId } = conflict;
  const take = (one: Choice["take"]) =>
    choose?.(one === "value" ? { take: one, text: typedFrom(conflict) } : { take: one });
  return (
    <section className="contested" aria-labelledby={`element-${conflictId}`}>
      <header className="contested__head">
        <h2 id={`element-${conflictId}`} title={element.path}>
          {element.elements.length > 0 && element.elements.map(sayElement).join(", ")}{" "}
          <span className="mono quiet">{elementName(element)}</span>
        </h2>
        <ConflictStateTag state={conflict.state} />
        <span className="quiet">{sayIfKnown(`conflicts.because.${element.because}`)}</span>
      </header>
      {detail.isWithheld ? (
        <p className="quiet">{say("common.withheld")}</p>
      ) : (
        <DifferenceTable
          label={say("conflicts.differs")}
          sides={[
            { key: "base", title: say("conflicts.base"), fragment: element.base },
            { key: "parent", title: <HandTitle side="parent" hand={detail.parent} />, fragment: element.mine },
            { key: "child", title: <HandTitle side="child" hand={detail.child} />, fragment: element.theirs },
          ]}
        />
      )}
      {choose && (
        <RadioButtonGroup
          legendText={say("conflicts.choice", { element: elementName(element) })}
          name={`choice-${conflictId}`}
          valueSelected={choice?.take ?? ""}
          onChange={(value) => take(value as Choice["take"])}
        >
          {takes.map((one) => (
            <RadioButton key={one} id={`${conflictId}-${one}`} value={one} labelText={say(`conflicts.take.${one}`)} />
          ))}
        </RadioButtonGroup>
      )}
      {choose && choice?.take === "value" && (
        <TypedValues conflictId={conflictId} text={choice.text} change={(text) => choose({ take: "value", text })} />
      )}
      {choose && choice && <PreviewNote told={preview} type={conflict.type} />}
    </section>
  );
}

function TypedValues({
  conflictId,
  text,
  change,
}: {
  readonly conflictId: string;
  readonly text: Readonly<Record<string, string>>;
  readonly change: (text: Readonly<Record<string, string>>) => void;
}) {
  const { say } = useWords();
  return Object.entries(text).map(([element, typed]) => (
    <TextArea
      key={element}
      id={`value-${conflictId}-${element}`}
      labelText={say("conflicts.value", { element })}
      helperText={say("conflicts.valueHelp")}
      invalid={readTyped(typed).kind === "unreadable"}
      invalidText={say("conflicts.notJson")}
      rows={Math.min(12, typed.split("\n").length)}
      value={typed}
      onChange={(event) => change({ ...text, [element]: event.target.value })}
    />
  ));
}
