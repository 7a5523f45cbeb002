import { RequestRefused } from "../request-refused.ts";
import type { AdminHandler } from "./admin-handler.ts";

/** `GET /admin/v1/settings`. */
export const tellSettings: AdminHandler = () => notBuilt;

/** `PUT /admin/v1/settings`. */
export const putSettings: AdminHandler = () => notBuilt;

/** `GET /admin/v1/settings/history`. */
export const tellSettingsHistory: AdminHandler = () => notBuilt;

async function notBuilt(): Promise<never> {
  throw new RequestRefused({ status: 501, code: "not-supported", sentence: "This node has no settings yet." });
}
