import { createServer } from "node:net";

/** So many different ports of this machine on which nobody listens at the moment. */
export async function freePorts(count: number): Promise<number[]> {
  const probes = await Promise.all(Array.from({ length: count }, listenSomewhere));
  await Promise.all(probes.map(({ close }) => close()));
  return probes.map(({ port }) => port);
}

function listenSomewhere(): Promise<{ port: number; close: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      if (typeof address !== "object" || !address) return reject(new Error("a listening server has a port"));
      resolve({ port: address.port, close: () => new Promise((closed) => probe.close(() => closed())) });
    });
  });
}
