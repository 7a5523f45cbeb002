import { type AuditEntry, countAudit, findAuditEntry, listAudit } from "@tributary/audit";
import type { Reader } from "@tributary/database";
import { FhirRefusal, type VirtualSearch, type VirtualType } from "@tributary/fhir";
import type { NodeId } from "@tributary/kernel";
import { filtersOf } from "./audit-event-filters.ts";
import { auditEventOf, placeOfAuditEvent } from "./audit-event-of.ts";

/**
 * Makes the audit trail readable as FHIR AuditEvents: what happened at this node, and what other nodes told of theirs. An
 * entry can be read once it has its place in its chain, which takes about two seconds.
 */
export function auditEventType(ownNode: NodeId): VirtualType {
  return {
    whyReadOnly:
      "AuditEvents are made of this node's own audit trail, which nobody can write to; write what is to be kept of your own as a Provenance.",
    parameters: [
      { code: "_id" },
      { code: "_lastUpdated" },
      { code: "action" },
      { code: "agent", documentation: "The name of a user or of a node, bare or as an identifier." },
      { code: "agent-name", documentation: "The whole name of a user or of a node." },
      { code: "date" },
      { code: "entity", documentation: "Type/id of a record." },
      { code: "outcome" },
      { code: "patient", documentation: "The patient's own record." },
      { code: "site" },
      { code: "source", documentation: "The name of the node that wrote the entry, bare or as an identifier." },
      { code: "subtype" },
      { code: "type" },
    ],
    async read(reader, id) {
      const entry = await find(reader, id);
      return entry && auditEventOf(entry, ownNode);
    },
    async search(reader, search) {
      const named = search.conditions.filter(({ code }) => code === "_id");
      const others = search.conditions.filter(({ code }) => code !== "_id");
      const filters = filtersOf(others, search.base);
      if (named.length > 0) {
        const ids = named
          .map(({ anyOf }) => anyOf.map(String))
          .reduce((one, other) => one.filter((id) => other.includes(id)));
        const found = await findAll(reader, ids, filters);
        const resources = found.map((entry) => auditEventOf(entry, ownNode));
        return { resources: search.count === 0 ? [] : resources, total: resources.length };
      }
      const { entries, next } = await page(reader, filters, search);
      const total = search.wantsTotal ? await totalOf(reader, filters, search) : undefined;
      return {
        resources: entries.map((entry) => auditEventOf(entry, ownNode)),
        ...(next === null ? {} : { next: String(next) }),
        ...(total === undefined ? {} : { total }),
      };
    },
  };
}

type Filters = ReturnType<typeof filtersOf>;

async function page(reader: Reader, filters: Filters, { count, page: token }: VirtualSearch) {
  if (token !== undefined && !/^\d{1,15}$/.test(token)) throw badPage();
  if (count === 0) return { entries: [], next: null };
  const before = token === undefined ? {} : { before: Number(token) };
  const pages = [];
  for (const filter of filters) pages.push(await listAudit(reader, filter, { limit: count, ...before }));
  const found = new Map(pages.flatMap(({ entries }) => entries.map((entry) => [entry.entryId, entry])));
  const entries = [...found.values()].sort((one, other) => other.entryId - one.entryId).slice(0, count);
  const isMore = found.size > entries.length || pages.some(({ next }) => next !== null);
  return { entries, next: isMore ? entries.at(-1)!.entryId : null };
}

/** `undefined` where filters may overlap, so that their sum would count an entry twice. */
async function totalOf(reader: Reader, filters: Filters, { conditions }: VirtualSearch): Promise<number | undefined> {
  const mayOverlap = conditions.some(({ code, anyOf }) => code === "agent" || (code === "date" && anyOf.length > 1));
  if (mayOverlap && filters.length > 1) return undefined;
  let total = 0;
  for (const filter of filters) total += await countAudit(reader, filter);
  return total;
}

async function findAll(reader: Reader, ids: readonly string[], filters: Filters): Promise<AuditEntry[]> {
  const found: AuditEntry[] = [];
  for (const id of new Set(ids)) {
    const entry = await find(reader, id);
    if (!entry) continue;
    for (const filter of filters) {
      const { entries } = await listAudit(reader, filter, {
        limit: 1,
        above: entry.entryId - 1,
        before: entry.entryId + 1,
      });
      if (entries[0]?.entryId !== entry.entryId) continue;
      found.push(entry);
      break;
    }
  }
  return found;
}

async function find(reader: Reader, id: string): Promise<AuditEntry | undefined> {
  const place = placeOfAuditEvent(id);
  return place && findAuditEntry(reader, place);
}

function badPage(): FhirRefusal {
  const diagnostics =
    "The page is none of this search; begin again at its first page, and follow the links as they are.";
  return new FhirRefusal(400, [{ severity: "error", code: "value", diagnostics }]);
}
