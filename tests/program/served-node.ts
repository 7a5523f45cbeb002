import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { pause } from "./pause.ts";
import { program } from "./tributary.ts";

const startWithinMs = 120_000;

/** A node that serves in a process of its own, and can be killed without any farewell. */
export class ServedNode implements AsyncDisposable {
  readonly folder: string;
  readonly url: string;
  readonly #environment: Record<string, string>;
  #process: ChildProcess | undefined;

  constructor(folder: string, port: number, environment: Record<string, string> = {}) {
    this.folder = folder;
    this.url = `http://127.0.0.1:${port}`;
    this.#environment = environment;
  }

  /** Starts the node; resolves when it answers. */
  async start(): Promise<void> {
    const child = this.#spawn();
    const givenUpAt = Date.now() + startWithinMs;
    while (!(await this.#answers())) {
      if (child.exitCode !== null) throw new Error(`The node in ${this.folder} ended with ${child.exitCode}.`);
      if (Date.now() > givenUpAt) throw new Error(`The node in ${this.folder} does not answer.`);
      await pause(20);
    }
  }

  /** Starts the node without waiting for anything, so that it can be killed while it starts. */
  startUnwatched(): void {
    this.#spawn();
  }

  /** Ends the process as a power cut would end the machine's work. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end("SIGTERM");
  }

  #spawn(): ChildProcess {
    this.#process = spawn(process.execPath, [program, "serve", "--dir", this.folder], {
      env: { ...process.env, ...this.#environment },
      stdio: ["ignore", "ignore", "inherit"],
    });
    return this.#process;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  async #answers(): Promise<boolean> {
    return fetch(`${this.url}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
  }
}
