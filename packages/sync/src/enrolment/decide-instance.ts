import type { ToldInstance } from "./instance-header.ts";

/** Installations of one child that are remembered; more moves than that are no moves any more. */
const formerMax = 20;

/** What a parent knows of the installation that speaks for a child. */
export interface KnownInstance {
  readonly instance: string;
  /** Those that spoke for it before, the latest first. */
  readonly former: readonly string[];
  /** Those that somebody turned away when they were at work beside it. */
  readonly refused: readonly string[];
  readonly incarnation: string;
  readonly isContested: boolean;
  /** The operations that it is known to have named in the incarnation that it tells; 0 when that one is new. */
  readonly counter: number;
}

/** What a request means, from what its sender tells of itself and what is known of it. */
export type InstanceDecision =
  /** Nothing has changed. */
  | { readonly kind: "same" }
  /** It has named further operations, begun another incarnation, or moved to another machine: to be remembered. */
  | { readonly kind: "went-on"; readonly known: Omit<KnownInstance, "counter"> }
  /** It has named fewer operations than it once had: its database is that of an earlier time. */
  | { readonly kind: "restored"; readonly known: Omit<KnownInstance, "counter"> }
  /** One that had given way to another is back: two of them are at work under one name. */
  | { readonly kind: "cloned"; readonly known: Omit<KnownInstance, "counter"> }
  /** It was decided that another one is the child: this one is answered no more, and says nothing about that one. */
  | { readonly kind: "turned-away" };

/** Decides what a child's request means; pure. */
export function decideInstance(known: KnownInstance | undefined, told: ToldInstance): InstanceDecision {
  if (!known) {
    return {
      kind: "went-on",
      known: { instance: told.instance, former: [], refused: [], incarnation: told.incarnation, isContested: false },
    };
  }
  if (known.refused.includes(told.instance)) return { kind: "turned-away" };
  const { counter: _, ...before } = known;
  if (known.isContested || known.former.includes(told.instance)) {
    return { kind: "cloned", known: { ...before, isContested: true } };
  }
  const isMoved = told.instance !== known.instance;
  const former = isMoved ? [known.instance, ...known.former].slice(0, formerMax) : known.former;
  const isEarlier = told.counter < known.counter || (told.incarnation !== known.incarnation && known.counter > 0);
  if (isEarlier) return { kind: "restored", known: { ...before, instance: told.instance, former } };
  const after = { ...before, instance: told.instance, former, incarnation: told.incarnation };
  const isSame = !isMoved && told.incarnation === known.incarnation && told.counter === known.counter;
  return isSame ? { kind: "same" } : { kind: "went-on", known: after };
}
