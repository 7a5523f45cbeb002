import { auditEndpoints } from "./audit-endpoints.ts";
import { catchmentEndpoints } from "./catchment-endpoints.ts";
import { childrenEndpoints } from "./children-endpoints.ts";
import { conflictEndpoints } from "./conflict-endpoints.ts";
import type { Endpoint } from "./endpoint.ts";
import { failureEndpoints } from "./failure-endpoints.ts";
import { feedEndpoints } from "./feed-endpoints.ts";
import { linkEndpoints } from "./link-endpoints.ts";
import { networkEndpoints } from "./network-endpoints.ts";
import { patientEndpoints } from "./patient-endpoints.ts";
import { recordEndpoints } from "./record-endpoints.ts";
import { sessionEndpoints } from "./session-endpoints.ts";
import { settingsEndpoints } from "./settings-endpoints.ts";
import { tokenEndpoints } from "./token-endpoints.ts";
import { userEndpoints } from "./user-endpoints.ts";

/** The whole admin API: who may call what, what it takes and what it answers. What is not in it cannot be called. */
export const adminEndpoints = {
  ...sessionEndpoints,
  ...userEndpoints,
  ...tokenEndpoints,
  ...networkEndpoints,
  ...linkEndpoints,
  ...failureEndpoints,
  ...conflictEndpoints,
  ...recordEndpoints,
  ...auditEndpoints,
  ...feedEndpoints,
  ...catchmentEndpoints,
  ...childrenEndpoints,
  ...patientEndpoints,
  ...settingsEndpoints,
} as const;

/** Method and path of one endpoint: `GET /failures/:id`. */
export type AdminEndpoint = keyof typeof adminEndpoints;

/** One line of the admin API, as the table tells it. */
export function endpointOf(name: AdminEndpoint): Endpoint {
  return adminEndpoints[name];
}
