import { InlineLoading } from "@carbon/react";
import { useWords } from "../words/words.tsx";

/** Says what is being waited for. */
export function Busy({ text, className }: { readonly text: string; readonly className?: string }) {
  const { say } = useWords();
  return (
    <InlineLoading
      description={text}
      iconDescription={say("icon.loading")}
      {...(className === undefined ? {} : { className })}
    />
  );
}
