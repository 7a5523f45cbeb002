import { PasswordInput } from "@carbon/react";
import type { ComponentProps } from "react";
import { useWords } from "../words/words.tsx";

/** A field for a password, with a button that shows what was typed. */
export function PasswordField(field: ComponentProps<typeof PasswordInput>) {
  const { say } = useWords();
  return <PasswordInput showPasswordLabel={say("icon.show")} hidePasswordLabel={say("icon.hide")} {...field} />;
}
