import { adminEndpoints, roundRequest } from "@tributary/admin-api";
import { requireNotPaused } from "@tributary/sync";
import type { AdminHandler } from "./admin-handler.ts";
import { answer, readBody, synchronizerAt } from "./admin-request.ts";

/** `POST /admin/v1/push`: one push now, behind any round that is under way; answers its report and what was told of the audit trail. */
export const pushNow: AdminHandler = (node) => async (request) => {
  const { dryRun, evenIfPaused } = readBody(request, roundRequest);
  const synchronizer = await synchronizerAt(node);
  if (dryRun) return answer(await synchronizer.dryRunPush());
  if (!evenIfPaused) await requireNotPaused(node.database, ["push"]);
  const report = await synchronizer.pushOnce(request.signal);
  if (report.error) return answer(report);
  return answer({ ...report, audit: await synchronizer.shareAuditOnce(request.signal) });
};

/** `POST /admin/v1/pull`: one pull now, behind any round that is under way; answers its report. */
export const pullNow: AdminHandler = (node) => async (request) => {
  const { dryRun, evenIfPaused } = readBody(request, roundRequest);
  const synchronizer = await synchronizerAt(node);
  if (dryRun) return answer(await synchronizer.dryRunPull(request.signal));
  if (!evenIfPaused) await requireNotPaused(node.database, ["pull"]);
  return answer(await synchronizer.pullOnce(request.signal));
};

/** `POST /admin/v1/verify`: compares all records with the parent's now, and mends what differs if that is asked for. */
export const verifyNow: AdminHandler = (node) => async (request) => {
  const { repair } = readBody(request, adminEndpoints["POST /verify"].body);
  const synchronizer = await synchronizerAt(node);
  return answer(await synchronizer.verifyOnce(request.signal, { isRepairing: repair }));
};
