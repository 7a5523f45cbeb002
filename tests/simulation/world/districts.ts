import type { CatchmentRule } from "@tributary/sync";

/** Where patients live; they move between them. */
export const districts = ["north", "south", "east"] as const;

export const catchmentNames = ["north", "south", "lowlands", "chosen"] as const;

export type CatchmentName = (typeof catchmentNames)[number];

/** The rule by which each catchment begins, at every node that has children. */
export const firstRules: Readonly<Record<CatchmentName, CatchmentRule>> = {
  north: livingIn("north"),
  south: livingIn("south"),
  lowlands: { not: livingIn("north") },
  chosen: { list: [] },
};

export function livingIn(district: string): CatchmentRule {
  return { location: { address: `*%*%${district}` } };
}

/** The oracle's own reading of the rules that are used here, for a patient and the body that the judging node has. */
export function fitsRule(rule: CatchmentRule, patient: string, body: string): boolean {
  const [[name, given]] = Object.entries(rule) as [[string, unknown]];
  if (name === "not") return !fitsRule(given as CatchmentRule, patient, body);
  if (name === "any") return (given as CatchmentRule[]).some((one) => fitsRule(one, patient, body));
  if (name === "list") return (given as string[]).includes(patient);
  const { address: addresses = [] } = JSON.parse(body) as { address?: { district?: string }[] };
  const wanted = (given as { address: string }).address.split("%")[2];
  return addresses.some(({ district }) => district === wanted);
}
