import type { Issue } from "./issue.ts";

/**
 * A request that is refused, with the HTTP status and the reasons. It is thrown from anywhere below the REST edge, which
 * answers it as an OperationOutcome; thrown inside a transaction it undoes that transaction.
 *
 * Its issues may quote what the client sent; its `message`, which may reach a log, holds status and codes only.
 */
export class FhirRefusal extends Error {
  override readonly name = "FhirRefusal";
  readonly status: number;
  readonly issues: readonly Issue[];
  /** Response headers that belong to this refusal, in lower case. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, issues: readonly Issue[], headers: Readonly<Record<string, string>> = {}) {
    super(`Refused with ${status}: ${issues.map(({ code }) => code).join(", ")}.`);
    this.status = status;
    this.issues = issues;
    this.headers = headers;
  }
}

/** Makes a refusal with one reason. */
export function refusal(status: number, code: string, diagnostics: string, ...expression: string[]): FhirRefusal {
  const issue: Issue = { severity: "error", code, diagnostics };
  return new FhirRefusal(status, [expression.length > 0 ? { ...issue, expression } : issue]);
}

/** The same refusal, told from inside a Bundle: every reason names the entry it came from. */
export function refusalWithin(entry: string, { status, issues, headers }: FhirRefusal): FhirRefusal {
  const placed = issues.map((issue) => ({ ...issue, expression: [entry, ...(issue.expression ?? [])] }));
  return new FhirRefusal(status, placed, headers);
}
