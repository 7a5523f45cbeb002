import { TypesField } from "../../../parts/types-field.tsx";
import { useWords } from "../../../words/words.tsx";
import type { SettingValues, TypesKey } from "./setting-key.ts";

type Types = SettingValues[TypesKey];

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
  return (["only", "exclude"] as const).map((filter) => (
    <TypesField
      key={filter}
      id={`types-${filter}`}
      label={say(`settingForm.types.${filter}`)}
      help={say("settingForm.typesHelp")}
      types={value[filter] ?? []}
      change={(types) => {
        const { [filter]: _, ...rest } = value;
        change(types.length === 0 ? rest : { ...rest, [filter]: types });
      }}
      refusal={refusalOf(filter)}
    />
  ));
}
