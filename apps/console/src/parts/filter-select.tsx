import { Select, SelectItem } from "@carbon/react";
import { useId } from "react";
import { useWords } from "../words/words.tsx";

/** A choice above a list that leaves only one kind of its items in it; the first choice is all of them. */
export function FilterSelect<Value extends string>({
  label,
  value,
  change,
  values,
  textOf,
}: {
  readonly label: string;
  /** The value chosen, or nothing. */
  readonly value: string;
  readonly change: (value: string) => void;
  readonly values: readonly Value[];
  readonly textOf: (value: Value) => string;
}) {
  const { say } = useWords();
  return (
    <Select id={useId()} labelText={label} value={value} onChange={(event) => change(event.target.value)}>
      <SelectItem value="" text={say("list.all")} />
      {values.map((one) => (
        <SelectItem key={one} value={one} text={textOf(one)} />
      ))}
    </Select>
  );
}
