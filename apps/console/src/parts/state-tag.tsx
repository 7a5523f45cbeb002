import { CheckmarkFilled, CircleDash, ErrorFilled, InProgress, WarningAltFilled } from "@carbon/icons-react";

/** How a state is meant: fine, needs an eye, is bad, is under way, or says nothing yet. */
export type Tone = "good" | "warning" | "bad" | "busy" | "quiet";

const icons = {
  good: CheckmarkFilled,
  warning: WarningAltFilled,
  bad: ErrorFilled,
  busy: InProgress,
  quiet: CircleDash,
};

/** A state in words, with a picture and a colour that say the same; colour alone never tells. */
export function StateTag({ tone, text }: { readonly tone: Tone; readonly text: string }) {
  const Icon = icons[tone];
  return (
    <span className={`state state--${tone}`}>
      <Icon aria-hidden="true" />
      {text}
    </span>
  );
}
