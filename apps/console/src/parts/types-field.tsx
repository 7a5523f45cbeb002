import { TextArea } from "@carbon/react";
import { useState } from "react";
import { refusedProps } from "./refused-props.tsx";

/** Characters that stand in a line of the field. */
const charactersOfRow = 50;
const rowsMax = 10;

/** Where resource types are written, with commas between them. */
export function TypesField({
  id,
  label,
  help,
  types,
  change,
  refusal,
}: {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly types: readonly string[];
  readonly change: (types: string[]) => void;
  /** The node's sentence about them. */
  readonly refusal: string | undefined;
}) {
  const [text, write] = useState(types.join(", "));
  return (
    <TextArea
      id={id}
      labelText={label}
      helperText={help}
      rows={Math.min(rowsMax, 1 + Math.floor(text.length / charactersOfRow))}
      spellCheck={false}
      value={text}
      onChange={({ target }) => {
        write(target.value);
        change(target.value.split(/[\s,;]+/).filter((word) => word !== ""));
      }}
      {...refusedProps(id, refusal)}
    />
  );
}
