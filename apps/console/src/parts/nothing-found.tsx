import { Button } from "@carbon/react";
import { goTo, usePlace } from "../app/location.tsx";
import { useWords } from "../words/words.tsx";
import { EmptyState } from "./empty-state.tsx";

/** Says that nothing in a list is as its filters want it, and takes them away when that is asked for. */
export function NothingFound({ title }: { readonly title: string }) {
  const { say } = useWords();
  const { path, search } = usePlace();
  const tab = search.get("tab");
  return (
    <EmptyState title={title}>
      <Button
        kind="ghost"
        size="sm"
        onClick={() => goTo(tab === null ? path : `${path}?tab=${tab}`, { replace: true })}
      >
        {say("audit.clear")}
      </Button>
    </EmptyState>
  );
}
