import { TextInput } from "@carbon/react";
import { useState } from "react";
import { useWords } from "../../../words/words.tsx";
import { refusedProps } from "./refused-props.tsx";
import type { SettingValues, TypesKey } from "./setting-key.ts";

type Types = SettingValues[TypesKey];

const filters = ["only", "exclude"] as const;

/** Which types go by themselves: only some, or all but some. A field that is left empty says nothing. */
export function TypesForm({
  value,
  change,
  refusalOf,
}: {
  readonly value: Types;
  readonly change: (value: Types) => void;
  /** The node's sentence about a field. */
  readonly refusalOf: (field: string) => string | undefined;
}) {
  const { say } = useWords();
  const [texts, write] = useState({ only: (value.only ?? []).join(", "), exclude: (value.exclude ?? []).join(", ") });
  const type = (filter: (typeof filters)[number], text: string) => {
    const written = { ...texts, [filter]: text };
    write(written);
    change(
      Object.fromEntries(
        filters.map((one) => [one, typesIn(written[one])] as const).filter(([, types]) => types.length > 0),
      ),
    );
  };
  return filters.map((filter) => (
    <TextInput
      key={filter}
      id={`types-${filter}`}
      labelText={say(`settingForm.types.${filter}`)}
      helperText={say("settingForm.typesHelp")}
      autoComplete="off"
      spellCheck={false}
      value={texts[filter]}
      onChange={(event) => type(filter, event.target.value)}
      {...refusedProps(`types-${filter}`, refusalOf(filter))}
    />
  ));
}

function typesIn(text: string): string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== "");
}
