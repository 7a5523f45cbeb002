import type { Database } from "@tributary/database";
import type { Clock } from "@tributary/kernel";
import { canonicalSealingKey, parentKeysToTell, putChildSealingKey } from "../enrolment/carry-keys.ts";
import type { ChildHandler } from "../enrolment/child-authentication.ts";
import { jsonAnswer, refusal } from "../line/json-answer.ts";

/** Exchanges the keys for carried files with a child that enrolled before there were any. To ask again changes nothing. */
export function createKeysHandler({
  database,
  clock,
}: {
  readonly database: Database;
  readonly clock: Clock;
}): ChildHandler {
  return async (request, child) => {
    const sealing = canonicalSealingKey(sealingKeyIn(request.body));
    if (!sealing) return refusal(400, "REMOTE_REFUSED", "Send sealingKey: an X25519 public key.");
    const keys = await database.transaction(async (tx) => {
      await putChildSealingKey(tx, child.node, sealing, clock.now());
      return parentKeysToTell(tx);
    });
    return jsonAnswer(200, { keys });
  };
}

function sealingKeyIn(body: string): unknown {
  try {
    return ((JSON.parse(body) ?? {}) as { readonly sealingKey?: unknown }).sealingKey;
  } catch {
    return undefined;
  }
}
