import { LogTail, openNode, openNodeLogger, readConfig } from "@tributary/runtime";
import { createNodeServer } from "../http/node-server.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";
import { tellSetupLink } from "./setup-link.ts";

export interface ServeOptions {
  readonly dir: string;
}

/**
 * `tributary serve`: runs the node until it is told to end.
 *
 * It ends on SIGTERM, on SIGINT, and when the program that started it over an IPC channel is gone; a second signal ends
 * it at once. At the end it stops taking requests, lets those in flight and the running round of work end, and closes
 * the database.
 */
export async function serve({ dir }: ServeOptions, terminal: Terminal): Promise<void> {
  const config = await readConfig(dir, terminal.environment);
  const logTail = new LogTail();
  const logger = openNodeLogger({ level: config.log.level, nodeId: config.node.id, tail: logTail });
  const told = untilToldToEnd();
  await using node = await openNode(config, { logger, logTail });
  await using server = createNodeServer(node);
  const address = await server.listen();
  await node.startWorkers();
  logger.info({ address, version, role: config.node.role, startMs: Math.round(performance.now()) }, "Serving.");
  await tellSetupLink(node, address, terminal);
  const reason = await told;
  logger.info({ reason }, "Ending: no more requests are taken.");
}

function untilToldToEnd(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve(signal));
    if (process.channel) {
      process.once("disconnect", () => resolve("disconnect"));
      process.channel.unref();
    }
  });
}
