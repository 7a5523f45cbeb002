import { Button } from "@carbon/react";
import { useWords } from "../../words/words.tsx";

/** Rules to begin with, one a strategy. */
const examples = {
  "catchment.exampleAddress": { location: { address: "Kenya%*%*%Kisumu" } },
  "catchment.examplePlace": { location: { within: ["Location/district-1"] } },
  "catchment.exampleCohort": { cohort: "Group/tb-programme" },
  "catchment.exampleTeam": { "care-team": "Organization/clinic-1" },
  "catchment.exampleNumber": { identifier: { value: "KE-*" } },
  "catchment.exampleList": { list: ["patient-1", "patient-2"] },
} as const;

/** Puts an example into the editor. */
export function RuleExamples({ choose }: { readonly choose: (text: string) => void }) {
  const { say } = useWords();
  return (
    <fieldset className="chips">
      <legend>{say("catchment.examples")}</legend>
      {(Object.keys(examples) as (keyof typeof examples)[]).map((key) => (
        <Button key={key} kind="tertiary" size="sm" onClick={() => choose(JSON.stringify(examples[key], null, 2))}>
          {say(key)}
        </Button>
      ))}
    </fieldset>
  );
}
