import { type AdminEndpoint, endpointOf } from "@tributary/admin-api";
import type { Node } from "@tributary/runtime";
import type { Route } from "../route.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { openAdminRoom } from "./admin-room.ts";
import { tellAlerts } from "./alerts.ts";
import { acknowledgeChains, exportAudit, listAuditEntries, verifyChains } from "./audit.ts";
import { previewCatchment, putCatchment, tellCatchment, tellCatchments, tellMembers } from "./catchments.ts";
import { assignToChild, inviteChild, revokeChild, tellChildren } from "./children.ts";
import { acceptClone, tellClones } from "./clones.ts";
import { tellConfiguration } from "./configuration.ts";
import {
  assignOne,
  listSomeConflicts,
  previewOne,
  resolveOne,
  resolveSome,
  tellConflict,
  tellConflictCounts,
  undoOne,
} from "./conflicts.ts";
import { enrolByHand } from "./enrol-by-hand.ts";
import { followEvents } from "./events.ts";
import {
  discardOne,
  discardSome,
  editOne,
  listFailed,
  retryOne,
  retrySome,
  tellFailure,
  tellFailureCounts,
} from "./failures.ts";
import { moveMarker, tellConsumers } from "./feed-consumers.ts";
import { discardFeedFailure, listFeedFailures, retryFeedFailure, tellFeedFailure } from "./feed-failures.ts";
import { tellFeedPage, tellFeeds } from "./feeds.ts";
import { findRecords } from "./find-records.ts";
import { tellFollowed } from "./followed-event.ts";
import { fetchGuest, fetchPatientHistory, tellGuests } from "./guests.ts";
import { putMetadataTypes, tellMetadataTypes } from "./metadata-types.ts";
import { tellNetwork } from "./network.ts";
import { tellOpenApi } from "./openapi.ts";
import { comeBack, goToProvider, tellSignIn } from "./openid.ts";
import { pause, resume } from "./pauses.ts";
import { tellReach, tellRecord } from "./records.ts";
import { tellReviewers } from "./reviewers.ts";
import { pullNow, pushNow, verifyNow } from "./rounds.ts";
import {
  beginSession,
  changeOwnPassword,
  changeSession,
  leaveSession,
  setUp,
  tellSession,
  tellSetup,
} from "./session.ts";
import { putSettings, tellNodeSettings, tellSettingsHistory } from "./settings.ts";
import { tellStatus } from "./status.ts";
import { tellSupportBundle } from "./support-bundle.ts";
import { syncRecords } from "./sync-records.ts";
import { tellTimeline } from "./timeline.ts";
import { endToken, makeToken, tellTokens } from "./tokens.ts";
import { tellTraffic } from "./traffic.ts";
import { addUser, changeOneUser, removeOneUser, tellUsers } from "./users.ts";

/** What stands behind each line of the admin API; who may call it is said there. */
const handlers: Readonly<Record<AdminEndpoint, AdminHandler>> = {
  "GET /setup": tellSetup,
  "POST /setup": setUp,
  "GET /session": tellSession,
  "POST /session": beginSession,
  "DELETE /session": leaveSession,
  "POST /session/password": changeOwnPassword,
  "PATCH /session": changeSession,
  "GET /sign-in": tellSignIn,
  "GET /sign-in/openid": goToProvider,
  "GET /sign-in/openid/back": comeBack,
  "GET /tokens": tellTokens,
  "POST /tokens": makeToken,
  "DELETE /tokens/:name": endToken,
  "GET /users": tellUsers,
  "POST /users": addUser,
  "PATCH /users/:name": changeOneUser,
  "DELETE /users/:name": removeOneUser,
  "GET /status": tellStatus,
  "GET /openapi.json": tellOpenApi,
  "GET /network": tellNetwork,
  "GET /events": followEvents,
  "GET /traffic": tellTraffic,
  "GET /alerts": tellAlerts,
  "POST /push": pushNow,
  "POST /pull": pullNow,
  "POST /pause": pause,
  "POST /resume": resume,
  "POST /verify": verifyNow,
  "POST /sync-records": syncRecords,
  "GET /failures": listFailed,
  "GET /failures/counts": tellFailureCounts,
  "GET /failures/:id": tellFailure,
  "POST /failures/:id/retry": retryOne,
  "POST /failures/:id/edit": editOne,
  "POST /failures/:id/discard": discardOne,
  "POST /failures/retry": retrySome,
  "POST /failures/discard": discardSome,
  "GET /conflicts": listSomeConflicts,
  "GET /conflicts/counts": tellConflictCounts,
  "GET /conflicts/reviewers": tellReviewers,
  "GET /conflicts/:id": tellConflict,
  "POST /conflicts/resolve": resolveSome,
  "POST /conflicts/:id/resolve": resolveOne,
  "POST /conflicts/:id/preview": previewOne,
  "POST /conflicts/:id/undo": undoOne,
  "POST /conflicts/:id/assign": assignOne,
  "GET /records": findRecords,
  "GET /records/:type/:id": tellRecord,
  "GET /records/:type/:id/reach": tellReach,
  "GET /timeline/:type/:id": tellTimeline,
  "GET /audit": listAuditEntries,
  "GET /audit/export": exportAudit,
  "POST /audit/verify": verifyChains,
  "POST /audit/acknowledge": acknowledgeChains,
  "GET /feeds": tellFeeds,
  "GET /feeds/consumers": tellConsumers,
  "POST /feeds/consumers/marker": moveMarker,
  "GET /feeds/failures": listFeedFailures,
  "GET /feeds/failures/:id": tellFeedFailure,
  "POST /feeds/failures/:id/retry": retryFeedFailure,
  "POST /feeds/failures/:id/discard": discardFeedFailure,
  "GET /events/:id/consumers": tellFollowed,
  "GET /feeds/:category/:page": tellFeedPage,
  "GET /catchments": tellCatchments,
  "POST /catchments/preview": previewCatchment,
  "GET /catchments/:name": tellCatchment,
  "PUT /catchments/:name": putCatchment,
  "GET /catchments/:name/members": tellMembers,
  "GET /metadata-types": tellMetadataTypes,
  "PUT /metadata-types": putMetadataTypes,
  "GET /guests": tellGuests,
  "POST /guests": fetchGuest,
  "POST /patients/:id/history": fetchPatientHistory,
  "GET /children": tellChildren,
  "POST /children": inviteChild,
  "POST /children/by-hand": enrolByHand,
  "GET /children/:node/clones": tellClones,
  "POST /children/:node/clones": acceptClone,
  "DELETE /children/:node": revokeChild,
  "POST /children/:node/catchment": assignToChild,
  "GET /support-bundle": tellSupportBundle,
  "GET /configuration": tellConfiguration,
  "GET /settings": tellNodeSettings,
  "PUT /settings": putSettings,
  "GET /settings/history": tellSettingsHistory,
};

/** What operators and their programs may ask and do; whoever does it stands in the audit trail by name. */
export function adminRoutesOf(node: Node): Route[] {
  const room = openAdminRoom(node);
  return (Object.entries(handlers) as [AdminEndpoint, AdminHandler][]).map(([name, handler]) => {
    const [method = "", path = ""] = name.split(" ");
    return {
      methods: [method],
      path: `/admin/v1${path}`,
      caller: { right: endpointOf(name).right },
      errors: "json",
      handler: handler(node, room),
      isEndless: name === "GET /events",
    };
  });
}
