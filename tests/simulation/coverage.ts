/** Everything that a full run must have seen at least once; what never happened was never tested. */
export const thingsToHappen = [
  "op.create",
  "op.edit",
  "op.delete",
  "op.revive",
  "op.bundle",
  "op.resolve",
  "op.stale-if-match",
  "op.crowd",
  "op.link",
  "op.move",
  "op.rule",
  "op.reassign",
  "op.guest",
  "op.metadata",
  "op.metadata-refused",
  "op.edit-after-exit",
  "op.refer-ahead",
  "op.lax-door",
  "op.mend",
  "op.void",
  "op.remark",
  "round.push",
  "round.pull",
  "round.audit",
  "outcome.complete",
  "outcome.partial",
  "outcome.interrupted",
  "outcome.refused",
  "verdict.taken",
  "verdict.outside-catchment",
  "verdict.parked",
  "verdict.rejected",
  "verdict.withdrawn",
  "record.merged",
  "record.conflict",
  "catchment.entered",
  "catchment.left",
  "catchment.late-edit",
  "catchment.purged",
  "fault.lost-request",
  "fault.lost-answer",
  "fault.duplicate",
  "fault.late-duplicate",
  "fault.corrupt",
  "fault.cut",
  "fault.portal",
  "fault.stale-page",
  "fault.401",
  "fault.413",
  "fault.429",
  "fault.500",
  "fault.503",
  "fault.partition",
  "fault.one-way-partition",
  "fault.interleave",
  "fault.kill",
  "fault.crash.before-commit",
  "fault.crash.after-commit",
  "fault.disk-full",
  "fault.clock-jump",
  "fault.backup",
  "fault.restore",
  "fault.old-version",
  "fault.clone",
  "fault.small-answer",
  "clone.told",
] as const;

export type Happening = (typeof thingsToHappen)[number];

/** Counts what happened in a run, so that a fault that never fired cannot pass for one that was survived. */
export class Coverage {
  readonly counts = new Map<Happening, number>();

  note(what: Happening, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  add(other: ReadonlyMap<Happening, number>): void {
    for (const [what, times] of other) this.note(what, times);
  }

  /** What never happened. */
  missing(): Happening[] {
    return thingsToHappen.filter((what) => !this.counts.has(what));
  }
}
