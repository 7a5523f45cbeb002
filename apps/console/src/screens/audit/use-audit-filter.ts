import { goTo, usePlace, useSearchParameter } from "../../app/location.tsx";

/** What the trail can be searched by, as it stands behind the question mark of the console's address. */
export const auditFields = ["actor", "node", "reference", "operation", "outcome", "since", "until"] as const;

export type AuditField = (typeof auditFields)[number];

/** What the node is asked with. */
export type AuditQuery = Readonly<Record<AuditField, string | number | undefined>>;

/** The filter in force, the way to change one part of it, and what it asks of the node. */
export interface AuditFilterState {
  readonly values: Readonly<Record<AuditField, string>>;
  readonly change: (field: AuditField, value: string) => void;
  readonly clear: (() => void) | undefined;
  readonly query: AuditQuery;
}

/** Keeps the filter in the address, so that it survives a reload and can be sent to a colleague. */
export function useAuditFilter(): AuditFilterState {
  const { path } = usePlace();
  const actor = useSearchParameter("actor");
  const node = useSearchParameter("node");
  const reference = useSearchParameter("reference");
  const operation = useSearchParameter("operation");
  const outcome = useSearchParameter("outcome");
  const since = useSearchParameter("since");
  const until = useSearchParameter("until");
  const parameters = { actor, node, reference, operation, outcome, since, until };
  const values = Object.fromEntries(auditFields.map((field) => [field, parameters[field][0]])) as Record<
    AuditField,
    string
  >;
  const isEmpty = auditFields.every((field) => values[field] === "");
  return {
    values,
    change: (field, value) => parameters[field][1](value),
    clear: isEmpty ? undefined : () => goTo(path, { replace: true }),
    query: { ...textsOf(values), since: momentOf(values.since), until: momentOf(values.until) },
  };
}

function textsOf(values: Readonly<Record<AuditField, string>>): Record<AuditField, string | undefined> {
  return Object.fromEntries(auditFields.map((field) => [field, values[field].trim() || undefined])) as Record<
    AuditField,
    string | undefined
  >;
}

/** The beginning of a day or minute in the reader's zone, in milliseconds since 1970. */
function momentOf(text: string): number | undefined {
  const moment = text === "" ? Number.NaN : new Date(text.length === 10 ? `${text}T00:00` : text).getTime();
  return Number.isNaN(moment) ? undefined : moment;
}
