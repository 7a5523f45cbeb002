import type { ExchangeRequest, ExchangeResponse } from "@tributary/sync";
import type { Coverage, Happening } from "../coverage.ts";

const happenings: Readonly<Record<string, Happening>> = {
  taken: "verdict.taken",
  "outside-catchment": "verdict.outside-catchment",
  parked: "verdict.parked",
  rejected: "verdict.rejected",
  withdrawn: "verdict.withdrawn",
};

/** Counts the verdicts in an answer to a push, as it leaves the node above. */
export function noteVerdicts(coverage: Coverage, { url }: ExchangeRequest, { status, body }: ExchangeResponse): void {
  if (!url.pathname.endsWith("/push") || status !== 200) return;
  const { verdicts } = JSON.parse(Buffer.from(body).toString()) as {
    readonly verdicts: readonly (readonly [operation: string, verdict: { readonly kind: string }])[];
  };
  for (const [, { kind }] of verdicts) coverage.note(happenings[kind]!);
}
