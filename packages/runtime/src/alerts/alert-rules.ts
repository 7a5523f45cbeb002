import type { ChildState } from "../network/child-state.ts";

/** The rules, in the words that operators filter by. */
export type AlertRule =
  | "child-silent"
  | "parent-silent"
  | "outbox-age"
  | "failures-growing"
  | "conflict-age"
  | "clock-offset"
  | "disk-free"
  | "clone";

/** Something that is wrong by a rule. It names nodes and numbers, and nothing of a record. */
export interface Finding {
  readonly rule: AlertRule;
  /** The node or the place that it is about. */
  readonly subject: string;
  readonly severity: "warning" | "critical";
  /** What was measured, and what the rule allows, in the unit that the sentence names. */
  readonly value: number;
  readonly limit: number;
  /** What is wrong and what to do. */
  readonly sentence: string;
}

/** What the rules allow. */
export interface AlertLimits {
  readonly silentMinutes: number;
  readonly outboxMinutes: number;
  readonly failures: number;
  readonly conflictDays: number;
  readonly clockSeconds: number;
  readonly diskFreePercent: number;
}

/** How the node stands at one moment. */
export interface AlertSigns {
  readonly now: number;
  readonly node: string;
  readonly children: readonly {
    readonly node: string;
    readonly state: ChildState;
    readonly lastSeenAt: number | null;
    readonly contestedAt: number | null;
    /** What the child tells of itself, its times by this node's clock; `null` when it does not. */
    readonly clockOffsetMs: number | null;
    readonly unsentSince: number | null;
  }[];
  readonly parent: { readonly node: string; readonly heardAt: number; readonly clockOffsetMs: number } | undefined;
  /** Since when the oldest own change waits to be sent; `null` when none does. */
  readonly oldestUnsentAt: number | null;
  readonly failures: number;
  /** What `failures` was about an hour ago; `null` when it is not known. */
  readonly failuresBefore: number | null;
  readonly oldestConflictAt: number | null;
  /** `null` where it cannot be told. */
  readonly diskFreePercent: number | null;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** So many times worse than allowed is worth a telephone call. */
const criticalTimes = 4;

/** Finds what is wrong. Pure; the same signs give the same findings. */
export function findAlerts(signs: AlertSigns, limits: AlertLimits): Finding[] {
  const { now, parent, oldestUnsentAt, oldestConflictAt } = signs;
  const findings: Finding[] = [];
  for (const child of signs.children) {
    if (child.contestedAt !== null) findings.push(cloneOf(child.node, now - child.contestedAt));
    if (child.state === "silent" && child.lastSeenAt !== null) {
      findings.push(silence("child-silent", child.node, now - child.lastSeenAt, limits.silentMinutes));
    } else if (child.state !== "refused") {
      // What a silent one told last is no news.
      findings.push(...clockOf(child.node, signs.node, child.clockOffsetMs ?? 0, limits.clockSeconds));
      findings.push(...outboxOf(child.node, child.unsentSince, now, limits.outboxMinutes));
    }
  }
  if (parent && now - parent.heardAt > limits.silentMinutes * minuteMs) {
    findings.push(silence("parent-silent", parent.node, now - parent.heardAt, limits.silentMinutes));
  }
  if (parent) findings.push(...clockOf(signs.node, parent.node, parent.clockOffsetMs, limits.clockSeconds));
  findings.push(...outboxOf(signs.node, oldestUnsentAt, now, limits.outboxMinutes));
  if (signs.failures >= limits.failures && signs.failures > (signs.failuresBefore ?? signs.failures)) {
    findings.push({
      ...measured("failures-growing", signs.node, signs.failures, limits.failures),
      sentence: `${signs.failures} records and units failed at ${signs.node}, and they grow; see \`tributary failed list\`.`,
    });
  }
  if (oldestConflictAt !== null && now - oldestConflictAt > limits.conflictDays * dayMs) {
    const days = Math.floor((now - oldestConflictAt) / dayMs);
    findings.push({
      ...measured("conflict-age", signs.node, days, limits.conflictDays),
      severity: "warning",
      sentence: `A conflict at ${signs.node} has waited ${days} days for a decision; see \`tributary conflicts list\`.`,
    });
  }
  if (signs.diskFreePercent !== null && signs.diskFreePercent < limits.diskFreePercent) {
    const free = Math.round(signs.diskFreePercent * 10) / 10;
    findings.push({
      rule: "disk-free",
      subject: signs.node,
      severity: free < limits.diskFreePercent / 2 ? "critical" : "warning",
      value: free,
      limit: limits.diskFreePercent,
      sentence: `Only ${free} % of the disk of ${signs.node} is free; make room before it is full.`,
    });
  }
  return findings;
}

function clockOf(node: string, above: string, offsetMs: number, limit: number): Finding[] {
  if (Math.abs(offsetMs) <= limit * 1000) return [];
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  const sentence = `The clock of ${node} differs from ${above}'s by ${seconds} seconds; set the one that is wrong.`;
  return [{ ...measured("clock-offset", node, seconds, limit), severity: "warning", sentence }];
}

function outboxOf(node: string, since: number | null, now: number, limit: number): Finding[] {
  if (since === null || now - since <= limit * minuteMs) return [];
  const minutes = Math.round((now - since) / minuteMs);
  const sentence = `A change made at ${node} has waited ${minutes} minutes to be sent; check the line, pauses and failures.`;
  return [{ ...measured("outbox-age", node, minutes, limit), sentence }];
}

function silence(rule: "child-silent" | "parent-silent", node: string, ms: number, limit: number): Finding {
  const minutes = Math.round(ms / minuteMs);
  const sentence = `${node} was last heard of ${minutes} minutes ago; check its power, its line and its program.`;
  return { ...measured(rule, node, minutes, limit), sentence };
}

function cloneOf(node: string, ms: number): Finding {
  return {
    rule: "clone",
    subject: node,
    severity: "critical",
    value: Math.round(ms / minuteMs),
    limit: 0,
    sentence: `Two installations are at work as ${node}, and neither is answered; see \`tributary node accept-clone ${node}\`.`,
  };
}

function measured(rule: AlertRule, subject: string, value: number, limit: number): Omit<Finding, "sentence"> {
  return { rule, subject, value, limit, severity: value > limit * criticalTimes ? "critical" : "warning" };
}
