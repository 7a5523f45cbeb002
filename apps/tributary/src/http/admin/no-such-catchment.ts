import type { Reader } from "@tributary/database";
import { everythingCatchment, readCatchment } from "@tributary/sync";
import { refuse } from "../refuse.ts";
import type { RequestRefused } from "../request-refused.ts";

/** Refuses a name that is no catchment's; `everything` always is one. */
export async function requireCatchment(reader: Reader, name: string): Promise<void> {
  if (name === everythingCatchment || (await readCatchment(reader, name))) return;
  throw noSuchCatchment(name);
}

/** The refusal of a catchment that is not there. */
export function noSuchCatchment(name: string): RequestRefused {
  return refuse({ status: 404, code: "CATCHMENT_REFUSED" }, "catchment-unknown", { catchment: name });
}
