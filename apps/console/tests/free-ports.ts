import { createServer } from "node:net";
import { claim } from "./one-at-a-time.ts";

/** Below the ports that systems hand out by themselves, so that no connection and no other server comes to have one. */
const first = 10_240;
const count = 22_000;
/** Apart from each other for processes that start one after the other. */
const stepOfProcess = 61;

let tried = 0;

/** Ports on which nobody listens, and which no other test is given while this process runs. */
export async function freePorts(wanted: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < wanted && tried < count) {
    const port = first + ((process.pid * stepOfProcess + tried) % count);
    tried += 1;
    if ((await claim(`port-${port}`)) && (await mayListen(port))) ports.push(port);
  }
  if (ports.length < wanted) throw new Error("No port is free on this machine.");
  return ports;
}

async function mayListen(port: number): Promise<boolean> {
  const server = createServer();
  const listens = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => resolve(true));
  });
  if (listens) await new Promise((resolve) => server.close(resolve));
  return listens;
}
