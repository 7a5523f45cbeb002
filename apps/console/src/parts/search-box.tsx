import { Search } from "@carbon/react";
import { useEffect, useId, useState } from "react";
import { useWords } from "../words/words.tsx";

/** Long enough that a word is typed to its end before the node is asked. */
const settleMs = 300;

/** A field to search a list with; it waits until the user pauses. */
export function SearchBox({
  label,
  value,
  change,
}: {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
}) {
  const { say } = useWords();
  const id = useId();
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => change(typed.trim()), settleMs);
    return () => clearTimeout(timer);
  });
  return (
    <div className="filters__search">
      <Search
        id={id}
        size="md"
        labelText={label}
        placeholder={label}
        closeButtonLabelText={say("list.clear")}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </div>
  );
}
