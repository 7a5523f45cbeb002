import { freePorts } from "../../apps/console/tests/free-ports.ts";

/** A port on which nobody listens; a node that is killed finds it free when it starts again. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}
