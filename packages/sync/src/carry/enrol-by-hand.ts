import { createHmac, timingSafeEqual } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import type { Database } from "@tributary/database";
import { type Clock, type NodeId, parseNodeId, TributaryError } from "@tributary/kernel";
import { acceptEnrolment } from "../enrolment/accept-enrolment.ts";
import { canonicalSealingKey, childKeyToTell, nameChildKey } from "../enrolment/carry-keys.ts";
import { keepEnrolment, syncUrlOf } from "../enrolment/enrol-with-parent.ts";
import { codeHashesFor, codeHashOf } from "../enrolment/enrolment-code.ts";
import { canonicalPublicKey, newNodeKey } from "../enrolment/node-key.ts";
import { pendingKeyFor } from "../enrolment/pending-key.ts";
import { protocolVersion } from "../line/protocol.ts";
import { refused, unavailable } from "./carried-file.ts";

/** Stands for the parent's address until the parent tells it. */
const byHand = "by hand";
/** Names, keys and a proof. */
const fileCharactersMax = 16 * 1024;

/** What either side of an enrolment by hand works with. */
export interface ByHandOptions {
  readonly database: Database;
  readonly nodeId: NodeId;
  readonly clock: Clock;
}

interface EnrolmentRequest {
  readonly node: string;
  readonly publicKey: string;
  readonly sealingKey: string;
  readonly protocol: number;
}

interface EnrolmentAnswer {
  readonly node: string;
  readonly parent: string;
  readonly url: string;
  readonly stream: string;
  readonly signing: string;
  readonly sealing: string;
}

/**
 * Writes what a child without a line asks its parent at enrolment: its name and its public keys, proven by the code without
 * telling it. To write it again with the same code says the same keys.
 */
export async function requestEnrolment({ database, nodeId }: ByHandOptions, code: string, file: string): Promise<void> {
  const { publicKey } = await pendingKeyFor(database, byHand, code, newNodeKey);
  const request: EnrolmentRequest = {
    node: nodeId,
    publicKey: canonicalPublicKey(publicKey) ?? "",
    sealingKey: await database.transaction((tx) => childKeyToTell(tx, byHand)),
    protocol: protocolVersion,
  };
  await writeEnrolmentFile(file, { request, proof: proofOf(codeHashOf(code), "request", request) });
}

/**
 * Takes what such a file says at the parent: the code is used up by it as over a line, and the same request may be brought
 * again. Returns the child, and what goes into the file for it. Throws `ENROLMENT_REFUSED` with the reason, and
 * `CARRIED_FILE_REFUSED` for what is no request.
 */
export async function answerEnrolment(
  { database, nodeId, clock }: ByHandOptions,
  said: Readonly<Record<string, unknown>>,
  parentUrl: string,
): Promise<{ readonly child: string; readonly answer: Readonly<Record<string, unknown>> }> {
  const { request, proof } = said;
  const { node, publicKey, sealingKey, protocol } = (request ?? {}) as Partial<Record<string, unknown>>;
  const child = typeof node === "string" ? parseNodeId(node) : undefined;
  const keys = [canonicalPublicKey(parsed(publicKey)), canonicalSealingKey(parsed(sealingKey))];
  if (!child || !keys[0] || !keys[1] || typeof protocol !== "number") throw refused("it is no request to enrol");
  if (protocol !== protocolVersion) {
    throw enrolmentRefused(`This parent speaks protocol ${protocolVersion}, the child ${protocol}.`);
  }
  const asked: EnrolmentRequest = { node: child, publicKey: keys[0], sealingKey: keys[1], protocol };
  const codeHash = (await codeHashesFor(database, child)).find((one) => isProof(proof, proofOf(one, "request", asked)));
  if (codeHash === undefined) {
    throw enrolmentRefused(
      `No code that was issued here for ${child} proves the file. Check the code, and that the file is whole.`,
    );
  }
  const end = await database.transaction((tx) =>
    acceptEnrolment(tx, nodeId, { ...asked, node: child, codeHash }, clock.now()),
  );
  if (typeof end === "string") throw enrolmentRefused(end);
  const answer: EnrolmentAnswer = { node: child, parent: nodeId, url: parentUrl, stream: end.stream, ...end.keys };
  return { child, answer: { answer, proof: proofOf(codeHash, "answer", answer) } };
}

/** Takes the parent's answer in: from then on this node is its child. Throws `CARRIED_FILE_REFUSED`. Returns the parent. */
export async function takeEnrolment(
  { database, nodeId, clock }: ByHandOptions,
  code: string,
  file: string,
): Promise<string> {
  const { answer, proof } = await readEnrolmentFile(file);
  const told = (answer ?? {}) as EnrolmentAnswer;
  const { node, parent, url, stream, signing, sealing } = told;
  const name = typeof parent === "string" ? parseNodeId(parent) : undefined;
  const said: EnrolmentAnswer = { node, parent, url, stream, signing, sealing };
  if (!name || typeof url !== "string" || typeof stream !== "string")
    throw refused("it is no answer to a request to enrol");
  if (node !== nodeId) throw refused(`it is for ${String(node)}, and this is ${nodeId}`);
  if (!isProof(proof, proofOf(codeHashOf(code), "answer", said))) {
    throw refused("it was not written by whoever issued this code, or was altered");
  }
  const { privateKey } = await pendingKeyFor(database, byHand, code, newNodeKey);
  const link = {
    parent: name,
    url: syncUrlOf(url).href,
    stream,
    privateKey,
    clockOffsetMs: 0,
    enrolledAt: clock.now(),
  };
  await database.transaction(async (tx) => {
    await nameChildKey(tx, byHand, link.url);
    await keepEnrolment(tx, nodeId, link, { signing, sealing });
  });
  return name;
}

/** Eighty random bits that both ends know prove a file to one another; whoever reads it cannot learn them from it. */
function proofOf(codeHash: string, what: "request" | "answer", said: object): string {
  return createHmac("sha256", codeHash)
    .update(`${what}\n${JSON.stringify(said)}`)
    .digest("base64url");
}

function isProof(given: unknown, expected: string): boolean {
  const [one, other] = [Buffer.from(String(given)), Buffer.from(expected)];
  return one.byteLength === other.byteLength && timingSafeEqual(one, other);
}

/** Writes what is carried at an enrolment. Throws `FILE_UNAVAILABLE`. */
export async function writeEnrolmentFile(file: string, content: object): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(content, undefined, 2)}\n`, { flush: true });
  } catch (error) {
    throw unavailable(file, error);
  }
}

/** Reads what was carried at an enrolment, without a look at it. Throws `FILE_UNAVAILABLE` and `CARRIED_FILE_REFUSED`. */
export async function readEnrolmentFile(file: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw unavailable(file, error);
  }
  const value = text.length > fileCharactersMax ? undefined : parsed(text);
  if (typeof value !== "object" || value === null) throw refused("it is damaged, or has nothing to do with enrolment");
  return value as Record<string, unknown>;
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function enrolmentRefused(sentence: string): TributaryError {
  return new TributaryError("ENROLMENT_REFUSED", sentence);
}
