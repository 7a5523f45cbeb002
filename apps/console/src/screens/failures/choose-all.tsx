import { Button } from "@carbon/react";
import { useWords } from "../../words/words.tsx";

/** How many are chosen and, when a whole page is, the way to choose all that there are behind it too. */
export function ChooseAll({
  chosen,
  total,
  isAll,
  chooseAll,
}: {
  readonly chosen: number;
  readonly total: number;
  readonly isAll: boolean;
  readonly chooseAll: () => void;
}) {
  const { say } = useWords();
  return (
    <p className="choose-all" role="status">
      {say(isAll ? "failures.chosenAll" : "failures.chosenPage", { count: chosen, total })}
      {!isAll && (
        <Button kind="ghost" size="sm" onClick={chooseAll}>
          {say("failures.chooseAll", { total })}
        </Button>
      )}
    </p>
  );
}
