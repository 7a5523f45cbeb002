import type { HttpResponse } from "@tributary/kernel";
import { type Issue, operationOutcome } from "../model/issue.ts";
import { type ResourceKey, referenceTo } from "../model/resource-key.ts";
import { toReadText } from "../model/stored-text.ts";
import type { StoredVersion } from "../store/stored-version.ts";
import type { FhirRequest } from "./fhir-request.ts";
import { fhirJson } from "./media-types.ts";
import { entityTag } from "./preconditions.ts";

/** A version that has content. */
export interface Present {
  readonly version: number;
  readonly lastUpdated: number;
  readonly body: string;
}

/** The text of a version as clients see it. */
export function textOf({ body, version, lastUpdated }: Present): string {
  return toReadText(body, { version, lastUpdated });
}

/** Answers with FHIR content. */
export function answer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { status, headers: { "content-type": fhirJson, ...headers }, body };
}

/** Answers with issues as an OperationOutcome. */
export function answerIssues(
  status: number,
  issues: readonly Issue[],
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return answer(status, operationOutcome(issues), headers);
}

/** The headers that name a version. */
export function versionHeaders({ version, lastUpdated }: { version: number; lastUpdated: number }) {
  return { etag: entityTag(version), "last-modified": new Date(lastUpdated).toUTCString() };
}

/** The absolute address of one version. */
export function versionUrl(base: string, key: ResourceKey, version: number): string {
  return `${base}/${referenceTo(key)}/_history/${version}`;
}

/** Answers a write with as much as the client wishes to have back. */
export function answerWrite(request: FhirRequest, status: 200 | 201, stored: StoredVersion): HttpResponse {
  const { key, version, lastUpdated, body } = stored;
  const headers = { ...versionHeaders(stored), location: versionUrl(request.base, key, version) };
  if (request.preferences.return === "minimal" || body === undefined) return { status, headers };
  if (request.preferences.return === "OperationOutcome") {
    const diagnostics = `${referenceTo(key)} is now at version ${version}.`;
    return answerIssues(status, [{ severity: "information", code: "informational", diagnostics }], headers);
  }
  return answer(status, textOf({ version, lastUpdated, body }), headers);
}
