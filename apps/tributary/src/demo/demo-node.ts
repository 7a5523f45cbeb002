import { join } from "node:path";
import type { Database } from "@tributary/database";
import { type Clock, TributaryError } from "@tributary/kernel";
import { type NodeStatus, openNodeDatabase, readConfig, readNodeStatus } from "@tributary/runtime";
import type { ClinicCatchment } from "./catchments/clinic-catchment.ts";
import { runProgram, type ServingProcess, startServing } from "./program-process.ts";

/** How often one looks whether a starting node answers. */
const startPollMs = 20;
/** A node starts in well under a second; a machine that is busy with tests may need more. */
const startWithinMs = 60_000;

export interface DemoNodeOptions {
  readonly role: "parent" | "child";
  readonly name: string;
  readonly folder: string;
  readonly port: number;
  readonly database?: string;
  /** Settings for its process, as environment variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What a node's log has told of its pulls. */
export interface PullTraffic {
  requests: number;
  bytesDown: number;
}

/** One node of the demonstration: processes of the program, and a look into its database beside them. */
export class DemoNode implements AsyncDisposable {
  readonly name: string;
  readonly role: "parent" | "child";
  readonly url: string;
  readonly traffic: PullTraffic = { requests: 0, bytesDown: 0 };
  /** Whether its log has told that it takes a snapshot in. */
  hasTakenSnapshot = false;
  /** The API token that `init` printed; empty at a child. */
  readonly token: string;
  readonly #options: DemoNodeOptions;
  readonly #open = new AsyncDisposableStack();
  #database: Database | undefined;
  #serving: ServingProcess | undefined;

  private constructor(options: DemoNodeOptions, token: string) {
    this.#options = options;
    this.name = options.name;
    this.role = options.role;
    this.url = `http://127.0.0.1:${options.port}`;
    this.token = token;
  }

  /** Runs `tributary init`. */
  static async init(options: DemoNodeOptions): Promise<DemoNode> {
    const { role, name, folder, port, database, environment, signal } = options;
    const words = ["init", role, "--dir", folder, "--id", name, "--port", String(port)];
    const token = await runProgram([...words, ...(database ? ["--database", database] : [])], environment, signal);
    return new DemoNode(options, token);
  }

  /** Runs `tributary enrol` on both sides: a code from the parent, used here over a line to it. */
  async enrolWith(parent: DemoNode, lineUrl: string, catchment: string): Promise<void> {
    const { folder, environment, signal } = this.#options;
    const code = await parent.issueCode(this.name, catchment);
    await runProgram(["enrol", "--dir", folder, "--parent", lineUrl, "--code", code], environment, signal);
  }

  /** Runs `tributary token create`: a token for this node's own FHIR API. */
  async createToken(name: string): Promise<string> {
    const { folder, environment, signal } = this.#options;
    return runProgram(["token", "create", name, "--dir", folder], environment, signal);
  }

  async issueCode(child: string, catchment: string): Promise<string> {
    const { folder, environment, signal } = this.#options;
    return runProgram(["enrol", "--dir", folder, "--new", child, "--catchment", catchment], environment, signal);
  }

  /** Runs `tributary catchment set`. */
  async setCatchment({ name, rule }: Pick<ClinicCatchment, "name" | "rule">): Promise<void> {
    const { folder, environment, signal } = this.#options;
    const words = [
      "catchment",
      "set",
      name,
      "--rule",
      JSON.stringify(rule),
      "--reason",
      "Demonstration",
      "--dir",
      folder,
    ];
    await runProgram(words, environment, signal);
  }

  /** Runs `tributary serve` until disposal; resolves when the node answers. */
  async serve(): Promise<void> {
    const { folder, environment, clock, signal } = this.#options;
    this.#serving = this.#open.use(startServing(folder, environment, (line) => this.#hear(line)));
    const givenUpAt = clock.now() + startWithinMs;
    while (!(await this.#answers())) {
      signal.throwIfAborted();
      this.requireRunning();
      if (clock.now() > givenUpAt)
        throw new TributaryError("REMOTE_UNAVAILABLE", `The node ${this.name} does not answer.`);
      await clock.sleep(startPollMs, signal);
    }
  }

  /** Throws when the node's process has ended by itself. */
  requireRunning(): void {
    const failure = this.#serving?.failure();
    if (failure) throw failure;
  }

  /** The node's database, beside the process that serves from it. */
  async database(): Promise<Database> {
    if (this.#database) return this.#database;
    const config = await readConfig(this.#options.folder);
    this.#database = this.#open.use(await openNodeDatabase(config));
    return this.#database;
  }

  async status(): Promise<NodeStatus> {
    return readNodeStatus(await this.database(), await readConfig(this.#options.folder));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open.disposeAsync();
  }

  async #answers(): Promise<boolean> {
    try {
      const answer = await fetch(new URL("/health", this.url));
      await answer.body?.cancel();
      return answer.ok;
    } catch {
      return false;
    }
  }

  #hear(line: string): void {
    if (line.includes('"message":"Taking a snapshot in."')) this.hasTakenSnapshot = true;
    if (!line.includes('"message":"Pulled')) return;
    const { requests, bytesDown } = JSON.parse(line) as Partial<PullTraffic>;
    this.traffic.requests += requests ?? 0;
    this.traffic.bytesDown += bytesDown ?? 0;
  }
}

/** The folder of a node beside others. */
export function folderOf(home: string, name: string): string {
  return join(home, name);
}
