import { existsSync } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Database, openDatabase } from "@tributary/database";
import { type HttpResponse, type NodeId, type Random, seededRandom, silentLogger } from "@tributary/kernel";
import { callerHeader, claimDatabase, migrateNode, type Node, openNode, parseConfig } from "@tributary/runtime";
import type { Exchange, Synchronizer } from "@tributary/sync";
import { exchangeOver } from "@tributary/sync/testing";
import type { PlannedNode } from "../plan.ts";
import type { CrashMoment } from "./sim-disk.ts";
import { Crash, SimDisk } from "./sim-disk.ts";
import { SimClock, type SimTime } from "./sim-time.ts";

/** What a node is given by the world it stands in. */
export interface SimSurroundings {
  readonly folder: string;
  readonly time: SimTime;
  readonly seed: number;
  readonly keepHours: number | undefined;
  /** Where the database stands when it is a copy of a node's; beside the others when left out. */
  readonly copyAs?: string;
  /** The line upward of a node. */
  readonly lineOf: (node: SimNode) => Exchange;
  readonly onCrash: (node: SimNode, moment: CrashMoment) => void;
}

interface Process {
  readonly node: Node;
  readonly disk: SimDisk;
  readonly answer: Exchange;
  synchronizer: Synchronizer | undefined;
}

/** One node of the simulated network: the real program's parts over a real SQLite file, started and killed at will. */
export class SimNode {
  readonly name: string;
  readonly role: PlannedNode["role"];
  readonly parent: string | undefined;
  readonly clock: SimClock;
  /** Whether it has a catchment, and lets go of the records of whoever leaves. */
  readonly mayPurge: boolean;
  readonly #surroundings: SimSurroundings;
  readonly #random: Random;
  #process: Process | undefined;

  constructor(planned: PlannedNode, number: number, surroundings: SimSurroundings) {
    this.name = planned.name;
    this.role = planned.role;
    this.parent = planned.parent;
    this.mayPurge = planned.catchment !== undefined;
    this.clock = new SimClock(surroundings.time);
    this.#surroundings = surroundings;
    this.#random = seededRandom(surroundings.seed * 64 + number);
  }

  get file(): string {
    return join(this.#surroundings.folder, `${this.#surroundings.copyAs ?? this.name}.db`);
  }

  get isUp(): boolean {
    return this.#process !== undefined && !this.#process.disk.isDead;
  }

  /** The open node; throws `Crash` when its process is dead. */
  get node(): Node {
    return this.#alive().node;
  }

  get disk(): SimDisk {
    return this.#alive().disk;
  }

  /** Makes the node's database from one that has the schema already. */
  async make(template: string): Promise<void> {
    await copyFile(template, this.file);
    const database = await openDatabase({ address: this.file, clock: this.clock, random: this.#random });
    await claimDatabase(database, this.name as NodeId, this.clock);
    await database.close();
  }

  async start(): Promise<void> {
    const { lineOf, onCrash } = this.#surroundings;
    const config = await parseConfig(configOf(this, this.#surroundings.keepHours), {
      where: this.name,
      folder: this.#surroundings.folder,
    });
    const disk = new SimDisk((moment) => onCrash(this, moment));
    const node = await openNode(config, {
      clock: this.clock,
      random: this.#random,
      logger: silentLogger,
      exchange: lineOf(this),
      guardDatabase: (database) => disk.guard(database),
    });
    this.#process = { node, disk, answer: exchangeOver(node.syncRoutes), synchronizer: undefined };
  }

  /** Ends the process without a word, if it still runs, and lets go of its file. */
  async kill(): Promise<void> {
    const dead = this.#process;
    this.#process = undefined;
    if (!dead) return;
    dead.disk.kill();
    await dead.node.database.close();
  }

  get hasBackup(): boolean {
    return existsSync(this.#backup);
  }

  /** Copies the database of a node that is down. */
  async backUp(): Promise<void> {
    await copyFile(this.file, this.#backup);
  }

  /** Copies the database of another node, or of a further installation, that is down. */
  async copyFrom(other: SimNode): Promise<void> {
    await copyFile(other.file, this.file);
  }

  /** Puts the last copy in the place of what a node that is down has. */
  async restore(): Promise<void> {
    for (const rest of ["-wal", "-shm"]) await rm(this.file + rest, { force: true });
    await copyFile(this.#backup, this.file);
  }

  get #backup(): string {
    return `${this.file}.backup`;
  }

  async synchronizer(): Promise<Synchronizer> {
    const process = this.#alive();
    process.synchronizer ??= await process.node.openSynchronizer();
    return process.synchronizer;
  }

  /** What this node answers to its children. */
  readonly answer: Exchange = (request, signal) => this.#alive().answer(request, signal);

  /** A user's request to the FHIR API. */
  fhir(
    method: string,
    path: string,
    body?: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<HttpResponse> {
    return this.node.fhir.handle({
      method,
      url: new URL(`http://${this.name}.test/fhir/${path}`),
      headers: { [callerHeader]: `nurse@${this.name}`, "content-type": "application/fhir+json", ...headers },
      parameters: { path },
      body: body ?? "",
      signal: new AbortController().signal,
    });
  }

  #alive(): Process {
    if (!this.#process || this.#process.disk.isDead) throw new Crash(`${this.name} is down.`);
    return this.#process;
  }
}

/** Makes the database that every node's begins as a copy of. */
export async function makeTemplate(file: string, clock: SimClock): Promise<void> {
  const database: Database = await openDatabase({ address: file, clock, random: seededRandom(1) });
  await migrateNode(database);
  await database.close();
}

function configOf({ name, role, file }: SimNode, keepHours = 0): string {
  return JSON.stringify({ node: { id: name, role }, database: file, catchments: { keepHours } });
}
