import { useWords } from "../../words/words.tsx";
import type { RuleWords } from "./rule-as-text.ts";

/** The words with which rules are read out in the user's language. */
export function useRuleWords(): RuleWords {
  const { say } = useWords();
  return {
    all: say("rule.all"),
    any: say("rule.any"),
    not: say("rule.not"),
    everything: say("rule.everything"),
    address: say("rule.address"),
    within: say("rule.within"),
    cohort: say("rule.cohort"),
    careTeam: say("rule.careTeam"),
    identifier: say("rule.identifier"),
    identifierOf: say("rule.identifierOf"),
    search: say("rule.search"),
    list: say("rule.list"),
    registeredAt: say("rule.registeredAt"),
    other: say("rule.other"),
  };
}
