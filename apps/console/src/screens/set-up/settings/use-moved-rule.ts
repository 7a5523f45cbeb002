import { useEffect, useState } from "react";

/** From which place to which a rule was moved last. */
export interface MovedRule {
  readonly from: number;
  readonly to: number;
}

/** Lets the focus go with a rule that is moved, so that the same key moves it on; at either end it turns round. */
export function useMovedRule() {
  const [moved, tell] = useState<MovedRule>();
  useEffect(() => {
    if (!moved) return;
    const { from, to } = moved;
    const ways = to < from ? (["up", "down"] as const) : (["down", "up"] as const);
    const buttons = ways.map((way) => document.querySelector<HTMLButtonElement>(`#${moveButtonId(way, to)}`));
    buttons.find((button) => button !== null && !button.disabled)?.focus();
  }, [moved]);
  return { moved, tell };
}

/** How the button is called that moves the rule at a place. */
export function moveButtonId(way: "up" | "down", at: number): string {
  return `rule-${way}-${at}`;
}
