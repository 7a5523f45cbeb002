export type { SnapshotProgress } from "./bootstrap/begin-from-snapshot.ts";
export { SnapshotLibrary } from "./bootstrap/snapshot-library.ts";
export { openSnapshotShelf } from "./bootstrap/snapshot-shelf.ts";
export type { BulkExport } from "./bulk/bulk-export.ts";
export { BulkExports } from "./bulk/bulk-exports.ts";
export { peekCarriedFile } from "./carry/carried-file.ts";
export {
  answerEnrolment,
  type ByHandOptions,
  readEnrolmentFile,
  requestEnrolment,
  takeEnrolment,
  writeEnrolmentFile,
} from "./carry/enrol-by-hand.ts";
export type { ExportedBundle } from "./carry/export-bundle.ts";
export { type ExportedSnapshot, exportSnapshot } from "./carry/export-snapshot.ts";
export type { ImportedSnapshot } from "./carry/import-snapshot.ts";
export { type PlayBundleOptions, type PlayedBundle, playBundle } from "./carry/play-bundle.ts";
export type { ImportedAnswer } from "./carry/take-answer.ts";
export { catchmentStream, everythingCatchment } from "./catchment/catchment-name.ts";
export { readCatchmentState, standardMetadataTypes } from "./catchment/catchment-state.ts";
export { type Catchment, listCatchments, listRuleVersions, readCatchment } from "./catchment/catchments.ts";
export { assignCatchment, type ChildAssignment, listAssignments } from "./catchment/child-assignments.ts";
export { findMembers, type MemberPlace, type MemberQuery, type MemberSort } from "./catchment/find-members.ts";
export { type GuestPatient, listGuests } from "./catchment/follow/guest-patients.ts";
export type { AfterExit } from "./catchment/follow/receive-movements.ts";
export { refuseForeignWrites } from "./catchment/follow/refuse-writes.ts";
export { type GuestRequest, guestDaysMax, isPurpose } from "./catchment/guest-request.ts";
export { countMembers, listMembers, type Membership } from "./catchment/members.ts";
export { Memberships, type MembershipsOptions } from "./catchment/memberships.ts";
export { listPasses, type Pass } from "./catchment/passes.ts";
export { previewRule, type RulePreview } from "./catchment/preview-rule.ts";
export type { CatchmentRule } from "./catchment/rule/catchment-rule.ts";
export type { CatchmentStrategy, Criterion } from "./catchment/rule/catchment-strategy.ts";
export { runCatchmentPasses } from "./catchment/run-passes.ts";
export type { ToldVersion } from "./catchment/serve/patient-history.ts";
export { setMetadataTypes } from "./catchment/set-metadata-types.ts";
export { setCatchmentRule } from "./catchment/set-rule.ts";
export { builtInStrategyNames } from "./catchment/strategies/built-in-strategies.ts";
export { announceConflicts } from "./conflict/announce-conflicts.ts";
export {
  type AssignOutcome,
  type AssignRequest,
  assigneeLengthMax,
  assignOneConflict,
} from "./conflict/assign-conflict.ts";
export type { Conflict, ConflictState, DecidedFor, Resolution, UndoneDecision } from "./conflict/conflict.ts";
export {
  type ConflictLookup,
  countOpenConflicts,
  findConflict,
  listConflictsOf,
  listOpenConflicts,
  readConflict,
} from "./conflict/conflicts.ts";
export { countAssigned } from "./conflict/count-assigned.ts";
export { type ConflictCount, countConflicts } from "./conflict/count-conflicts.ts";
export { countQueuedDecisions } from "./conflict/decide/decision-queue.ts";
export {
  listLatestRefusedDecisions,
  listRefusedDecisionsOf,
  type RefusedDecision,
} from "./conflict/decide/refused-decisions.ts";
export { listConflicts, parseConflictPlace, placeOfConflict } from "./conflict/list-conflicts.ts";
export { type Hand, type Meeting, readMeeting } from "./conflict/meeting.ts";
export { changedElements, type ElementChange } from "./conflict/merge/changed-elements.ts";
export type { ContestedElement, ContestReason, SettlingRule } from "./conflict/merge/contested-element.ts";
export {
  type MergeInput,
  type MergeResult,
  mergeResources,
  type RecordSide,
} from "./conflict/merge/merge-resources.ts";
export { defaultPolicies } from "./conflict/merge/policy/default-policies.ts";
export {
  type Clash,
  type MergePolicy,
  type MergeStrategy,
  mergePolicies,
  type PolicyRule,
  type StrategyAnswer,
} from "./conflict/merge/policy/merge-policy.ts";
export { policyElement } from "./conflict/merge/policy/policy-elements.ts";
export type { ConflictChoice } from "./conflict/plan-decision.ts";
export { type DecisionPreview, previewDecision } from "./conflict/preview-decision.ts";
export {
  type ResolveOutcome,
  type ResolveRequest,
  reasonLengthMax,
  resolveConflict,
} from "./conflict/resolve-conflict.ts";
export {
  type ConflictFilter,
  type ResolvedOne,
  resolvedManyMax,
  resolveMany,
} from "./conflict/resolve-many.ts";
export type { ResolveOptions } from "./conflict/resolve-options.ts";
export { type UndoOutcome, type UndoRequest, undoDecision } from "./conflict/undo-decision.ts";
export type { Direction } from "./control/direction.ts";
export type { Forecast, TypeForecast } from "./control/forecast.ts";
export { countLinkHeldPushes } from "./control/held-pushes.ts";
export { type ControlActor, type Pause, pauseLink, requireNotPaused, resumeLink } from "./control/pauses.ts";
export { firstTypes } from "./control/push-order.ts";
export { everyMs, type Schedule } from "./control/schedule.ts";
export type { LinkSchedules } from "./control/timetable.ts";
export type { TypeFilter } from "./control/type-filter.ts";
export { acceptInstance, type ContestedChild, listContestedChildren } from "./enrolment/child-instances.ts";
export { type ChildNode, listChildNodes, revokeChildNode } from "./enrolment/child-nodes.ts";
export { type EnrolOptions, enrolWithParent } from "./enrolment/enrol-with-parent.ts";
export { type EnrolmentCode, type IssueOptions, issueEnrolmentCode } from "./enrolment/enrolment-code.ts";
export { type ParentLink, readParentLink } from "./enrolment/parent-link.ts";
export { countFailures, type FailureCounts } from "./failures/count-failures.ts";
export { discardAllFailures, discardFailure } from "./failures/discard-failure.ts";
export { type EditOutcome, editFailure, type FailureEdit } from "./failures/edit-failure.ts";
export type { Failure, FailureReason } from "./failures/failure.ts";
export { type FailureClass, failureClasses } from "./failures/failure-class.ts";
export { type FailurePlace, type FailureSort, findFailures, placeOfFailure } from "./failures/find-failures.ts";
export { type FailurePage, listFailures, readFailure } from "./failures/list-failures.ts";
export { type FailureActor, retryAllFailures, retryFailure } from "./failures/retry-failure.ts";
export type { Exchange, ExchangeRequest, ExchangeResponse } from "./line/exchange.ts";
export { openHttpExchange } from "./line/http-exchange.ts";
export { everythingStream, protocolVersion } from "./line/protocol.ts";
export type { ManualOutcome, ManualRequest, ManualResult } from "./manual/manual-request.ts";
export type { Effect, RecordPreview } from "./manual/preview-record.ts";
export { parseSelection, type Selection, type SelectionText } from "./manual/selection.ts";
export type { ManualReport } from "./manual/sync-selection.ts";
export { syncMigrations } from "./migrations.ts";
export type { StreamMarker } from "./pull/stream-marker.ts";
export { readOldestUnsent } from "./push/oldest-unsent.ts";
export { openParkedRelease } from "./push/parked-release.ts";
export { type Fetched, type Portion, replicate, type Source, type Stretch, type Target } from "./replicate.ts";
export type { AuditReport, PullReport, PushReport, SyncOutcome } from "./sync-report.ts";
export { createSyncServer, type SyncRoute, type SyncServerOptions } from "./sync-server.ts";
export { type ChildStatus, type ParentStatus, readSyncStatus, type SyncStatus } from "./sync-status.ts";
export { Synchronizer } from "./synchronizer.ts";
export type { SynchronizerOptions } from "./synchronizer-options.ts";
export { type RecordReach, readRecordReach } from "./tiers/own-reach.ts";
export type { KeptVerification } from "./verify/verifications.ts";
export type { VerifyReport } from "./verify/verify-round.ts";
export type { Difference } from "./verify/verify-with-parent.ts";
