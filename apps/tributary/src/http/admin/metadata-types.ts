import { adminEndpoints } from "@tributary/admin-api";
import type { Reader } from "@tributary/database";
import { isResourceType } from "@tributary/fhir";
import { appendNodeAudit } from "@tributary/runtime";
import { readCatchmentState, setMetadataTypes, standardMetadataTypes } from "@tributary/sync";
import { refuse } from "../refuse.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { actorOf, answer, readBody, unusable } from "./admin-request.ts";

/** `GET /admin/v1/metadata-types`: the types whose records every child may have. */
export const tellMetadataTypes: AdminHandler = (node) => async () => answer(await typesIn(node.database));

/** `PUT /admin/v1/metadata-types`: names others. What is there of them comes with each child's next round. */
export const putMetadataTypes: AdminHandler = (node) => async (request) => {
  const { types, reason } = readBody(request, adminEndpoints["PUT /metadata-types"].body);
  const unknown = types?.filter((type) => !isResourceType(type)) ?? [];
  if (unknown.length > 0) throw refuse(unusable, "types-unknown", { types: unknown.join(", ") });
  const { author, now } = actorOf(request, node);
  const told = await node.database.transaction(async (tx) => {
    await setMetadataTypes(tx, types ?? undefined, node.outbox);
    const entry = {
      operation: "configure",
      outcome: "metadata-types",
      ...(reason === undefined ? {} : { reason }),
    } as const;
    await appendNodeAudit(tx, { nodeId: node.id, author, now }, entry);
    return typesIn(tx);
  });
  return answer(told);
};

async function typesIn(reader: Reader) {
  const { metadataTypes } = await readCatchmentState(reader);
  return { types: [...metadataTypes], isStandard: metadataTypes === standardMetadataTypes };
}
