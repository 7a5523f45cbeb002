import { dirname } from "node:path";
import { systemClock as clock, type NodeId, TributaryError } from "@tributary/kernel";
import {
  answerEnrolment,
  type ByHandOptions,
  readEnrolmentFile,
  requestEnrolment,
  takeEnrolment,
  writeEnrolmentFile,
} from "@tributary/sync";
import type { Terminal } from "../terminal.ts";
import { carriedPath } from "./carried-path.ts";
import { openDatabaseAt } from "./node-at.ts";

export interface RequestOptions {
  readonly dir: string;
  readonly code: string;
  readonly to: string;
}

export interface AcceptOptions {
  readonly dir: string;
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
export async function acceptByHand(file: string, { dir, to }: AcceptOptions, terminal: Terminal): Promise<void> {
  const { config, database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const nodeId = config.node.id as NodeId;
  if (config.node.role === "child") throw misuse(`The node ${nodeId} is a child; requests are accepted at its parent.`);
  const answerPath = await carriedPath(to ?? dirname(file), "enrolment-answer.json");
  const parentUrl = config.http.publicUrl ?? `http://${config.http.host}:${config.http.port}`;
  const said = await readEnrolmentFile(file);
  const { child, answer } = await answerEnrolment({ database, nodeId, clock }, said, parentUrl);
  await writeEnrolmentFile(answerPath, answer);
  terminal.note(
    `The node ${child} is a child of ${nodeId} now. At ${child} run:\n  tributary enrol-by-hand finish ${answerPath} --code CODE`,
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
