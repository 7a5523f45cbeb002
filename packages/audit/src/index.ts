export { appendAudit } from "./append.ts";
export { type AuditDraft, type AuditEntry, type AuditOperation, auditOperations } from "./audit-entry.ts";
export { type AuditFilter, type AuditPage, type AuditPlace, auditPageMax, listAudit } from "./list.ts";
export { auditMigrations } from "./migrations.ts";
export { readAuditOfRecord, readLatestAudit } from "./read.ts";
export { sealAuditEntries } from "./seal.ts";
export { type ChainVerdict, verifyAuditChain } from "./verify.ts";
