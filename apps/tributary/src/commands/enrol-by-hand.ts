import { dirname } from "node:path";
import { systemClock as clock, type NodeId, TributaryError } from "@tributary/kernel";
import {
  type ByHandOptions,
  readEnrolmentFile,
  requestEnrolment,
  takeEnrolment,
  writeEnrolmentFile,
} from "@tributary/sync";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { carriedPath } from "./carried-path.ts";
import { openDatabaseAt } from "./node-at.ts";

export interface RequestOptions {
  readonly dir: string;
  readonly code: string;
  readonly to: string;
}

export interface AcceptOptions extends AdminOptions {
  readonly to?: string;
}

export interface FinishOptions {
  readonly dir: string;
  readonly code: string;
}

/** `tributary enrol-by-hand request`: at a child without a line, what it asks its parent, in a file. */
export async function requestByHand({ dir, code, to }: RequestOptions, terminal: Terminal): Promise<void> {
  await using here = await openChild(dir, terminal);
  const { nodeId } = here;
  const file = await carriedPath(to, `enrolment-of-${nodeId}.json`);
  await requestEnrolment(here, code, file);
  terminal.note(`The request is in ${file}. At the parent run:\n  tributary enrol-by-hand accept ${file}`);
}

/** `tributary enrol-by-hand accept`: at the parent, takes the request and writes the answer. */
export async function acceptByHand(file: string, options: AcceptOptions, terminal: Terminal): Promise<void> {
  const request = await readEnrolmentFile(file);
  const answerPath = await carriedPath(options.to ?? dirname(file), "enrolment-answer.json");
  await using admin = await openAdmin(options, terminal);
  const { node, answer } = await admin.ask("POST /children/by-hand", { body: { request } });
  await writeEnrolmentFile(answerPath, answer);
  terminal.note(
    `The node ${node} is a child of this parent now. At ${node} run:\n  tributary enrol-by-hand finish ${answerPath} --code CODE`,
  );
}

/** `tributary enrol-by-hand finish`: at the child, takes the parent's answer. */
export async function finishByHand(file: string, { dir, code }: FinishOptions, terminal: Terminal): Promise<void> {
  await using here = await openChild(dir, terminal);
  const parent = await takeEnrolment(here, code, file);
  terminal.note(`The node ${here.nodeId} is now a child of ${parent}. Next: tributary snapshot import.`);
}

async function openChild(dir: string, terminal: Terminal): Promise<ByHandOptions & AsyncDisposable> {
  const { config, database } = await openDatabaseAt(dir, terminal);
  const nodeId = config.node.id as NodeId;
  if (config.node.role === "parent") {
    await database.close();
    throw misuse(`The node ${nodeId} is a parent; this is for a child without a line.`);
  }
  return { database, nodeId, clock, [Symbol.asyncDispose]: () => database.close() };
}

function misuse(sentence: string): TributaryError {
  return new TributaryError("CONFIG_INVALID", sentence);
}
