/** The words with which a rule is read out; `{…}` stands for what the rule names. */
export interface RuleWords {
  readonly all: string;
  readonly any: string;
  readonly not: string;
  readonly everything: string;
  readonly address: string;
  readonly within: string;
  readonly cohort: string;
  readonly careTeam: string;
  readonly identifier: string;
  readonly identifierOf: string;
  readonly search: string;
  readonly list: string;
  readonly registeredAt: string;
  /** A strategy that this console does not know. */
  readonly other: string;
}

/** A rule as a person reads it: a sentence, and below it the sentences that it combines. */
export interface RuleText {
  readonly sentence: string;
  readonly parts: readonly RuleText[];
}

/** Items of a list that are named; of the others it is said how many they are. */
const namedMax = 5;

/** Reads a catchment's rule out in sentences. What is no rule comes back as it is written. Pure. */
export function ruleAsText(rule: unknown, words: RuleWords): RuleText {
  const [member, ...more] = isObject(rule) ? Object.entries(rule) : [];
  if (!member || more.length > 0) return { sentence: JSON.stringify(rule) ?? "", parts: [] };
  const [name, given] = member;
  if (name === "all" || name === "any") {
    const inner = Array.isArray(given) ? given : [given];
    return { sentence: words[name], parts: inner.map((one) => ruleAsText(one, words)) };
  }
  if (name === "not") return { sentence: words.not, parts: [ruleAsText(given, words)] };
  return { sentence: sentenceOf(name, given, words), parts: [] };
}

function sentenceOf(name: string, given: unknown, words: RuleWords): string {
  const members = isObject(given) ? given : {};
  switch (name) {
    case "everything":
      return words.everything;
    case "location":
      if (typeof members["address"] !== "string") return filled(words.within, { places: named(members["within"]) });
      return filled(words.address, { address: addressOf(members["address"]) });
    case "cohort":
      return filled(words.cohort, { group: named(given) });
    case "care-team":
      return filled(words.careTeam, { member: named(given) });
    case "identifier": {
      const { system, value } = members;
      const text = system === undefined ? words.identifier : words.identifierOf;
      return filled(text, { value: named(value), system: named(system) });
    }
    case "search":
      return filled(words.search, { search: named(given) });
    case "list":
      return filled(words.list, { patients: named(given) });
    case "registered-at":
      return filled(words.registeredAt, { nodes: named(given) });
    default:
      return filled(words.other, { name, given: JSON.stringify(given) ?? "" });
  }
}

/** `Kenya%*%*%Kisumu` as `Kenya › … › Kisumu`. */
function addressOf(pattern: string): string {
  const parts = pattern.split("%").map((part) => (part === "*" ? "…" : part));
  return parts.filter((part, at) => part !== "…" || parts[at - 1] !== "…").join(" › ");
}

function named(given: unknown): string {
  const items = Array.isArray(given) ? given : [given];
  const some = items.slice(0, namedMax).map((item) => (typeof item === "string" ? item : JSON.stringify(item)));
  return items.length > namedMax ? `${some.join(", ")} … (${items.length})` : some.join(", ");
}

function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => values[name] ?? hole);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
