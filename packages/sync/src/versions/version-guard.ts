import type { ChildGuard } from "../enrolment/instance-guard.ts";
import { refusal } from "../line/json-answer.ts";
import {
  parseVersionsHeader,
  supportedVersions,
  type VersionRanges,
  versionsHeader,
  whyApart,
} from "./version-ranges.ts";

/** Refuses children with whom this program has no version in common, and says which of the two is to be brought up to date. */
export function createVersionGuard(supported: VersionRanges = supportedVersions): ChildGuard {
  return async (request) => {
    const child = parseVersionsHeader(request.headers[versionsHeader]);
    const reason = child && whyApart(supported, child);
    return reason === undefined ? undefined : refusal(426, "UPGRADE_NEEDED", reason);
  };
}
