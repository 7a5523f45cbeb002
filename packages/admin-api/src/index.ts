export { type DiscardRequest, discardRequest, type ResolveRequest, resolveRequest } from "./decision-requests.ts";
export {
  type PauseRequest,
  pauseRequest,
  type ResumeRequest,
  type RoundRequest,
  resumeRequest,
  roundRequest,
} from "./link-requests.ts";
export { auditQuery, listQuery } from "./list-query.ts";
export { type ReadRequest, type RequestSchema, readRequest } from "./read-request.ts";
export { type SyncRecordsRequest, syncRecordsRequest } from "./sync-records-request.ts";
