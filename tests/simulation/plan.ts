import { type Random, seededRandom } from "@tributary/kernel";
import { type CatchmentName, catchmentNames } from "./world/districts.ts";

/** Each kind of fault, with the most often that it may happen where it can: per request, or per step. */
export const faultRates = {
  "lost-request": 0.15,
  "lost-answer": 0.15,
  duplicate: 0.1,
  "late-duplicate": 0.1,
  corrupt: 0.1,
  cut: 0.1,
  portal: 0.05,
  "stale-page": 0.1,
  401: 0.05,
  413: 0.05,
  429: 0.05,
  500: 0.05,
  503: 0.05,
  interleave: 0.3,
  partition: 0.03,
  kill: 0.04,
  crash: 0.1,
  "disk-full": 0.02,
  "clock-jump": 0.03,
  restore: 0.02,
  "old-version": 0.03,
  clone: 0.02,
  "small-answer": 0.8,
} as const;

export type Fault = keyof typeof faultRates;

export const faults = Object.keys(faultRates) as Fault[];

/** What users do in some networks only, with the most often that they do it, per step. */
export const habitRates = {
  /** They refer to a patient of another node who has not come to theirs yet. */
  "refer-ahead": 0.3,
  /** Their node's program takes what those above refuse. */
  "lax-door": 0.06,
  /** They mark what was recorded by mistake as entered in error. */
  void: 0.1,
} as const;

export type Habit = keyof typeof habitRates;

export const habits = Object.keys(habitRates) as Habit[];

/** Drawn apart from the others, so that the worlds of earlier seeds stay as they were but for these. */
const drawnApart: ReadonlySet<Fault> = new Set(["old-version", "clone", "small-answer"]);
/** The share of networks whose users have a habit; of all others a seed tells the story that it told without it. */
const habitShare = 0.2;

/** One node of the planned tree. */
export interface PlannedNode {
  readonly name: string;
  readonly role: "parent" | "hub" | "child";
  readonly parent: string | undefined;
  /** The catchment that it is enrolled with; everything when there is none. */
  readonly catchment: CatchmentName | undefined;
}

/** What one seed makes of the world: its tree, and how often which fault happens. */
export interface Plan {
  readonly seed: number;
  readonly nodes: readonly PlannedNode[];
  readonly rates: Readonly<Partial<Record<Fault, number>>>;
  readonly habits: Readonly<Partial<Record<Habit, number>>>;
  readonly steps: number;
  /** For how long children keep the records of patients who left; `undefined` in a world without catchments. */
  readonly keepHours: number | undefined;
  /** Patients that the root has already when it all begins. */
  readonly crowd: number;
}

/** What a replay may take away from a seed's plan, to find out what its failure needs, and what it may add. */
export interface Narrowing {
  readonly steps?: number;
  readonly without?: readonly (Fault | Habit)[];
  /** Faults that every world has, several times as often as any has them otherwise. */
  readonly often?: readonly Fault[];
}

const oftenTimes = 8;

const stepsMin = 20;
const stepsMax = 120;
/** Worlds in which children have catchments of their own. */
const catchmentShare = 0.4;
/** Leaves that are given one in such a world; the others, and the hubs, have everything. */
const leavesWithCatchment = 0.8;

/** Worlds with several hubs, a dozen leaves, and hundreds of patients: few, since one takes as long as thirty others. */
const largeShare = 0.02;
const crowdMin = 100;
const crowdMax = 300;

/** A seed enables about half of the faults, each at a rate of its own: runs with all at once find less. */
export function planOf(seed: number, { steps, without = [], often = [] }: Narrowing = {}): Plan {
  const random = seededRandom(seed ^ 0x5eed);
  const small = treeOf(random);
  const [sizes, apart] = [seededRandom(seed ^ 0xb18), seededRandom(seed ^ 0xfa17)];
  const isLarge = sizes.next() < largeShare;
  const planned = isLarge ? largeTreeOf(sizes) : small;
  const crowd = isLarge ? crowdMin + Math.floor(sizes.next() * (crowdMax - crowdMin)) : 0;
  const rates: Partial<Record<Fault, number>> = {};
  for (const fault of faults) {
    const chance = drawnApart.has(fault) ? apart : random;
    const [isEnabled, strength] = [chance.next() < 0.5, chance.next()];
    const times = often.includes(fault) ? oftenTimes : isEnabled ? 1 : 0;
    if (times > 0 && !without.includes(fault)) rates[fault] = faultRates[fault] * strength * times;
  }
  const length = stepsMin + Math.floor(random.next() * (stepsMax - stepsMin));
  const places = seededRandom(seed ^ 0xca7c);
  const keepHours = places.next() < catchmentShare ? (places.next() < 0.5 ? 0 : 24) : undefined;
  const nodes = keepHours === undefined ? planned : planned.map((node) => withCatchment(node, places));
  const seedHabits = habitsOf(seededRandom(seed ^ 0x1a57), { rates, hasCatchments: keepHours !== undefined }, without);
  return { seed, nodes, rates, habits: seedHabits, steps: steps ?? length, keepHours, crowd };
}

/** What users of a world do besides; what they refer to ahead is sure to come, since no disk forgets it. */
function habitsOf(
  random: Random,
  { rates, hasCatchments }: { readonly rates: Plan["rates"]; readonly hasCatchments: boolean },
  without: readonly (Fault | Habit)[],
): Plan["habits"] {
  const forgets = (["restore", "clone"] as const).some((fault) => rates[fault] !== undefined);
  const drawn: Partial<Record<Habit, number>> = {};
  for (const habit of habits) {
    const [isKept, strength] = [random.next() < habitShare, random.next()];
    if (!isKept || hasCatchments || without.includes(habit)) continue;
    if (habit !== "refer-ahead" || !forgets) drawn[habit] = habitRates[habit] * strength;
  }
  return drawn;
}

function withCatchment(node: PlannedNode, random: Random): PlannedNode {
  if (node.role !== "child" || random.next() >= leavesWithCatchment) return node;
  return { ...node, catchment: catchmentNames[Math.floor(random.next() * catchmentNames.length)] };
}

/** Most networks are small, since small ones find as much and run faster; some have hubs. */
function treeOf(random: Random): PlannedNode[] {
  const hubs = random.next() < 0.3 ? 1 + Math.floor(random.next() * 2) : 0;
  const leaves = 1 + Math.floor(random.next() ** 2 * 4);
  return treeWith(hubs, leaves, random);
}

function largeTreeOf(random: Random): PlannedNode[] {
  return treeWith(1 + Math.floor(random.next() * 3), 6 + Math.floor(random.next() * 7), random);
}

function treeWith(hubs: number, leaves: number, random: Random): PlannedNode[] {
  const nodes: PlannedNode[] = [{ name: "root", role: "parent", parent: undefined, catchment: undefined }];
  for (let hub = 1; hub <= hubs; hub++)
    nodes.push({ name: `hub-${hub}`, role: "hub", parent: "root", catchment: undefined });
  for (let leaf = 1; leaf <= leaves; leaf++) {
    const above = Math.floor(random.next() * (hubs + 1));
    nodes.push({
      name: `leaf-${leaf}`,
      role: "child",
      parent: above === 0 ? "root" : `hub-${above}`,
      catchment: undefined,
    });
  }
  if (hubs + leaves === 1) nodes.push({ name: "leaf-2", role: "child", parent: "root", catchment: undefined });
  return nodes;
}
