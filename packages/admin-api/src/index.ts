export { type Right, type Role, roleMay, roles } from "./access.ts";
export {
  type AdminAnswer,
  type AdminClient,
  type AdminInput,
  type AdminReader,
  adminClient,
  adminReader,
  type StreamedEndpoint,
} from "./admin-client.ts";
export { type AdminEndpoint, adminEndpoints, endpointOf } from "./admin-endpoints.ts";
export {
  type AdminClientOptions,
  type AdminFetch,
  type AdminFetchAnswer,
  type AdminFetchRequest,
  type AdminJson,
  AdminNonsense,
  AdminRefusal,
} from "./admin-exchange.ts";
export { type AuditEntry, type AuditVerdict, auditOperations } from "./audit-endpoints.ts";
export type {
  CatchmentAnswer,
  CatchmentDetail,
  CatchmentPreview,
  MemberAnswer,
} from "./catchment-endpoints.ts";
export type { ChildAnswer, SettingAnswer } from "./children-endpoints.ts";
export type {
  ConflictAnswer,
  ConflictDetail,
  ConflictPreview,
  ContestedElement,
  ReviewerAnswer,
} from "./conflict-endpoints.ts";
export {
  type DiscardRequest,
  discardRequest,
  editRequest,
  previewRequest,
  type ResolveRequest,
  resolveManyRequest,
  resolveRequest,
  undoRequest,
} from "./decision-requests.ts";
export { describeAdminApi } from "./describe-admin-api.ts";
export type { Endpoint } from "./endpoint.ts";
export { type FailureAnswer, type FailureDetail, failureClasses, failureKinds } from "./failure-endpoints.ts";
export type {
  EventAtConsumer,
  EventFollowed,
  FeedAnswer,
  FeedConsumer,
  FeedEntryAnswer,
  FeedFailure,
} from "./feed-endpoints.ts";
export type {
  Forecast,
  ManualReport,
  PullReport,
  PushReport,
  RecordPreview,
  VerifyReport,
} from "./link-endpoints.ts";
export {
  type PauseRequest,
  pauseRequest,
  type ResumeRequest,
  type RoundRequest,
  resumeRequest,
  roundRequest,
} from "./link-requests.ts";
export { auditQuery, listQuery } from "./list-query.ts";
export {
  type AlertAnswer,
  childStates,
  type NetworkAnswer,
  type NetworkChild,
  type NetworkParent,
  type PauseAnswer,
  type StatusAnswer,
  type TrafficPoint,
} from "./network-endpoints.ts";
export { type ReadRequest, type RequestSchema, readRequest } from "./read-request.ts";
export type { RecordDetail, RecordHit, TimelineAnswer, TimelineEntry } from "./record-endpoints.ts";
export { type RefusalAnswer, type RefusalWord, refusalWords } from "./refusal.ts";
export { type RefusalKey, refusalSentences } from "./refusal-sentences.ts";
export { passwordCharacters, type SessionAnswer, type SignInWays } from "./session-endpoints.ts";
export type { SettingsAnswer, SettingsChange, SettingsVersion } from "./settings-endpoints.ts";
export { type SyncRecordsRequest, syncRecordsRequest } from "./sync-records-request.ts";
export type { TokenAnswer } from "./token-endpoints.ts";
export type { UserAnswer } from "./user-endpoints.ts";
