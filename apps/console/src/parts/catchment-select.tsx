import { Select, SelectItem } from "@carbon/react";
import type { AdminAnswer } from "@tributary/admin-api";
import { useAnswer } from "../api/use-answer.ts";
import { useWords } from "../words/words.tsx";

/** As many catchments as the node tells on one page; a network with more is set by the command line. */
const path = "/catchments?limit=500";

/** The choice of the catchment that a child has. */
export function CatchmentSelect({
  id,
  everything,
  catchment,
  choose,
}: {
  readonly id: string;
  /** The value of a child that has every record. */
  readonly everything: string;
  readonly catchment: string;
  readonly choose: (catchment: string) => void;
}) {
  const { say } = useWords();
  const answer = useAnswer<AdminAnswer<"GET /catchments">>(path);
  return (
    <Select
      id={id}
      labelText={say("catchments.name")}
      value={catchment}
      onChange={(event) => choose(event.target.value)}
    >
      <SelectItem value={everything} text={say("children.catchmentEvery")} />
      {answer.data?.items.map(({ name }) => (
        <SelectItem key={name} value={name} text={name} />
      ))}
    </Select>
  );
}
