export { appendAudit } from "./append.ts";
export type { AuditDraft, AuditEntry, AuditOperation } from "./audit-entry.ts";
export { auditMigrations } from "./migrations.ts";
export { readAuditOfRecord, readLatestAudit } from "./read.ts";
export { sealAuditEntries } from "./seal.ts";
export { type ChainVerdict, verifyAuditChain } from "./verify.ts";
