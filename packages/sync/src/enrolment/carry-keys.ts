import { generateKeyPairSync } from "node:crypto";
import { type Database, type Reader, sql, type Transaction } from "@tributary/database";
import { TributaryError } from "@tributary/kernel";
import type { JWK } from "jose";
import { readChildNode } from "./child-nodes.ts";
import { canonicalPublicKey, newNodeKey } from "./node-key.ts";
import { readParentLink } from "./parent-link.ts";

/** A parent is one node for all of its children, so that its keys stand under no child's name. */
const asParent = "";

const readOwn = sql("select private_key from carry_own_keys where peer = $1 and purpose = $2");
const putOwn = sql(`
  insert into carry_own_keys (peer, purpose, private_key) values ($1, $2, $3) on conflict (peer, purpose) do nothing`);
const dropOwn = sql("delete from carry_own_keys where peer = $1");
const renameOwn = sql("update carry_own_keys set peer = $2 where peer = $1");
const readPeer = sql("select signing_key, sealing_key from carry_peer_keys where peer = $1 and role = $2");
const putPeer = sql(`
  insert into carry_peer_keys (peer, role, signing_key, sealing_key, told_at) values ($1, $2, $3, $4, $5)
  on conflict (peer, role) do update set
    signing_key = excluded.signing_key, sealing_key = excluded.sealing_key, told_at = excluded.told_at`);
const dropPeer = sql("delete from carry_peer_keys where peer = $1 and role = $2");

/** The public keys that a parent tells its children. */
export interface ParentKeysTold {
  /** Ed25519, as JSON: what the parent's files are signed with. */
  readonly signing: string;
  /** X25519, as JSON: what files for the parent are sealed for. */
  readonly sealing: string;
}

/** All that one end needs to write files for the other and to read that one's. */
export interface CarryKeys {
  readonly sign: JWK;
  readonly open: JWK;
  readonly verify: JWK;
  readonly seal: JWK;
}

/** The one spelling of an X25519 public key, or `undefined` when the value is none. See RFC 8037 §2. */
export function canonicalSealingKey(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { kty, crv, x } = value as Record<string, unknown>;
  if (kty !== "OKP" || crv !== "X25519" || typeof x !== "string" || !/^[A-Za-z0-9_-]{43}$/.test(x)) return undefined;
  return JSON.stringify({ kty, crv, x });
}

/** The keys that this node tells its children, made when they are first asked for. */
export async function parentKeysToTell(tx: Transaction): Promise<ParentKeysTold> {
  const signing = await ownKey(tx, asParent, "sign", () => newNodeKey().privateKey);
  const opening = await ownKey(tx, asParent, "open", newOpeningKey);
  return { signing: publicHalf(signing), sealing: publicHalf(opening) };
}

/** The key that a child tells its parent, made when it is first asked for. */
export async function childKeyToTell(tx: Transaction, parentUrl: string): Promise<string> {
  return publicHalf(await ownKey(tx, parentUrl, "open", newOpeningKey));
}

/** Keeps the key that a child told before it knew its parent's address under that address. */
export async function nameChildKey(tx: Transaction, before: string, parentUrl: string): Promise<void> {
  await tx.run(dropOwn, [parentUrl]);
  await tx.run(renameOwn, [before, parentUrl]);
}

/** Keeps what a child has told; without a key, its old one is forgotten. */
export async function putChildSealingKey(
  tx: Transaction,
  child: string,
  sealing: string | undefined,
  now: number,
): Promise<void> {
  if (sealing === undefined) await tx.run(dropPeer, [child, "child"]);
  else await tx.run(putPeer, [child, "child", null, sealing, now]);
}

/** Keeps what a parent has told; what is no keys, as from an older program, is left alone. Tells whether it was keys. */
export async function putParentKeys(tx: Transaction, parent: string, told: unknown, now: number): Promise<boolean> {
  const { signing, sealing } = (told ?? {}) as Record<string, unknown>;
  const keys = [canonicalPublicKey(parsed(signing)), canonicalSealingKey(parsed(sealing))];
  if (keys.some((key) => key === undefined)) return false;
  await tx.run(putPeer, [parent, "parent", ...(keys as string[]), now]);
  return true;
}

/** Whether the parent has told its keys. */
export async function knowsParentKeys(reader: Reader, parent: string): Promise<boolean> {
  return (await reader.first(readPeer, [parent, "parent"])) !== undefined;
}

/** A parent's keys for the files between itself and a child. Throws `CARRIED_KEYS_MISSING` and `REMOTE_REFUSED`. */
export async function keysWithChild(database: Database, child: string): Promise<CarryKeys> {
  const known = await readChildNode(database, child);
  if (!known) throw new TributaryError("CARRIED_KEYS_MISSING", `No node ${child} has enrolled here.`);
  if (known.revokedAt !== null) {
    throw new TributaryError("REMOTE_REFUSED", `The access of node ${child} has been revoked; enrol it again.`);
  }
  const peer = await database.first<PeerRow>(readPeer, [child, "child"]);
  if (!peer) throw missing(child);
  return database.transaction(async (tx) => ({
    sign: await ownKey(tx, asParent, "sign", () => newNodeKey().privateKey),
    open: await ownKey(tx, asParent, "open", newOpeningKey),
    verify: JSON.parse(known.publicKey) as JWK,
    seal: JSON.parse(peer.sealing_key) as JWK,
  }));
}

/** A child's keys for the files between itself and its parent. Throws `CARRIED_KEYS_MISSING` and `NOT_ENROLLED`. */
export async function keysWithParent(database: Database): Promise<CarryKeys & { readonly parent: string }> {
  const link = await readParentLink(database);
  if (!link) {
    throw new TributaryError("NOT_ENROLLED", "This node has no parent yet; run `tributary enrol` first.");
  }
  const peer = await database.first<PeerRow>(readPeer, [link.parent, "parent"]);
  const open = await database.first<{ readonly private_key: string }>(readOwn, [link.url, "open"]);
  if (!peer?.signing_key || !open) throw missing(link.parent);
  return {
    parent: link.parent,
    sign: link.privateKey,
    open: JSON.parse(open.private_key) as JWK,
    verify: JSON.parse(peer.signing_key) as JWK,
    seal: JSON.parse(peer.sealing_key) as JWK,
  };
}

interface PeerRow {
  readonly signing_key: string | null;
  readonly sealing_key: string;
}

async function ownKey(tx: Transaction, peer: string, purpose: "sign" | "open", make: () => JWK): Promise<JWK> {
  const known = await tx.first<{ readonly private_key: string }>(readOwn, [peer, purpose]);
  if (known) return JSON.parse(known.private_key) as JWK;
  await tx.run(putOwn, [peer, purpose, JSON.stringify(make())]);
  // Another program over the same database may have made one meanwhile: the first stands.
  const row = await tx.first<{ readonly private_key: string }>(readOwn, [peer, purpose]);
  return JSON.parse(row!.private_key) as JWK;
}

function newOpeningKey(): JWK {
  return generateKeyPairSync("x25519").privateKey.export({ format: "jwk" }) as JWK;
}

function publicHalf({ kty, crv, x }: JWK): string {
  return JSON.stringify({ kty, crv, x });
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function missing(peer: string): TributaryError {
  return new TributaryError(
    "CARRIED_KEYS_MISSING",
    `This node and ${peer} have not exchanged the keys for carried files yet; they do so at the next contact over a line.`,
  );
}
