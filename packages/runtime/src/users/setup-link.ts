import { createHash } from "node:crypto";
import { type Database, sql } from "@tributary/database";
import type { Clock, Random } from "@tributary/kernel";
import { beginSession } from "./sessions.ts";
import { addUser, hashOfNew, hasUsers, type NewUser } from "./users.ts";

const tokenBytes = 24;
/** A day: whoever starts the node is about to use it; another start makes another link. */
const validForMs = 24 * 60 * 60_000;

const putLink = sql(`
  insert into setup_link (only_row, token_hash, made_at) values (1, $1, $2)
  on conflict (only_row) do update set token_hash = excluded.token_hash, made_at = excluded.made_at`);
const takeLink = sql("delete from setup_link where token_hash = $1 and made_at > $2");

/** How the use of the set-up link ends. */
export type SetupOutcome = { readonly kind: "done"; readonly token: string } | { readonly kind: "refused" };

/**
 * Makes the secret of the one-time link with which the first administrator is made, in place of any older one; `undefined`
 * when there are users already. Only its hash is kept.
 */
export async function makeSetupToken(
  database: Database,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<string | undefined> {
  const token = Buffer.from(random.bytes(tokenBytes)).toString("base64url");
  return database.transaction(async (tx) => {
    if (await hasUsers(tx)) return undefined;
    await tx.run(putLink, [hashOf(token), clock.now()]);
    return token;
  });
}

/**
 * Makes the first administrator by the link's secret, once, and begins a session. It is refused when the secret is
 * another one, is too old, or there are users already. Throws `CONFIG_INVALID` for a name or password that cannot be used.
 */
export async function setUpFirstUser(
  database: Database,
  given: { readonly token: string; readonly user: Omit<NewUser, "role"> },
  { nodeId, clock, random }: { readonly nodeId: string; readonly clock: Clock; readonly random: Random },
): Promise<SetupOutcome> {
  if (await hasUsers(database)) return { kind: "refused" };
  const user = { ...given.user, role: "administrator" } as const;
  const hash = await hashOfNew(user, random);
  const now = clock.now();
  return database.transaction(async (tx): Promise<SetupOutcome> => {
    // The one row is taken first: of two who come at once, the second finds it gone.
    if ((await tx.run(takeLink, [hashOf(given.token), now - validForMs])) === 0) return { kind: "refused" };
    if (await hasUsers(tx)) return { kind: "refused" };
    await addUser(tx, user, hash, { nodeId, author: user.name, now });
    return { kind: "done", token: await beginSession(tx, user.name, { random, now }) };
  });
}

function hashOf(token: string): string {
  return createHash("sha256").update(`setup ${token}`).digest("hex");
}
