import { describeAdminApi } from "@tributary/admin-api";
import { version } from "../../version.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { answer } from "./admin-request.ts";

/** `GET /admin/v1/openapi.json`: this API as an OpenAPI document. */
export const tellOpenApi: AdminHandler = () => {
  let text: string | undefined;
  return async () => {
    text ??= JSON.stringify(describeAdminApi(version));
    return answer(text, String);
  };
};
