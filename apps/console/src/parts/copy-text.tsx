import { CopyButton } from "@carbon/react";
import { useWords } from "../words/words.tsx";

/** Puts a text where it can be pasted from, and says that it did. */
export function CopyText({ text, label }: { readonly text: string; readonly label: string }) {
  const { say } = useWords();
  return (
    <CopyButton
      iconDescription={label}
      feedback={say("children.copied")}
      onClick={() => void navigator.clipboard?.writeText(text)}
      align="left"
    />
  );
}
