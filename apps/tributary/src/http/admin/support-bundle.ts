import { describeLog, describeNode } from "../../support/describe-node.ts";
import type { AdminHandler } from "./admin-handler.ts";

/** `GET /admin/v1/support-bundle`: what helpers need to know of the running node, the last lines of its log among it. */
export const tellSupportBundle: AdminHandler = (node) => async () => {
  const bundle = { ...(await describeNode(node.config, node.database)), log: describeLog(node.logLines()) };
  return {
    status: 200,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "content-disposition": `attachment; filename="support-${node.id}.json"`,
      "cache-control": "no-store",
    },
    body: `${JSON.stringify(bundle, null, 2)}\n`,
  };
};
