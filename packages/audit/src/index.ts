export { appendAudit } from "./append.ts";
export { auditDraft } from "./audit-draft.ts";
export { type AuditDraft, type AuditEntry, type AuditOperation, auditOperations } from "./audit-entry.ts";
export type { AuditChange, AuditFilter } from "./audit-filter.ts";
export { type ChainPlace, chainStart } from "./chain.ts";
export { acknowledgeBrokenChains, type ForeignChain, listForeignChains } from "./foreign-chains.ts";
export { readForeignSegment } from "./foreign-segment.ts";
export { type AuditPage, type AuditPlace, auditPageMax, countAudit, listAudit, readAuditInOrder } from "./list.ts";
export { auditMigrations } from "./migrations.ts";
export { type OwnSegment, readOwnHash, readOwnHead, readOwnSegment } from "./own-segment.ts";
export {
  findAuditEntry,
  readAuditOfRecord,
  readForeignAuditOfRecord,
  readLatestAudit,
  receivedOver,
} from "./read.ts";
export { sealAuditEntries } from "./seal.ts";
export { type TakeOutcome, takeSegment } from "./take-segment.ts";
export type { TrailSegment } from "./trail-segment.ts";
export { type ChainVerdict, verifyAuditChain } from "./verify.ts";
export { type ForeignVerdict, verifyForeignChains } from "./verify-foreign.ts";
