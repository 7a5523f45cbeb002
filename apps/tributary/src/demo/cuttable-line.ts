import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A line between two nodes that can be cut and mended: a port that hands everything on to another. */
export class CuttableLine implements AsyncDisposable {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** Opens a line to a port on this machine. */
  static async to(port: number): Promise<CuttableLine> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const line = new CuttableLine(server, `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`);
    server.on("connection", (near) => line.#join(near, port));
    return line;
  }

  /** Breaks off whatever is on its way, and lets nothing through from now on. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(near: Socket, port: number): void {
    if (this.#isCut) {
      near.destroy();
      return;
    }
    const far = connect(port, "127.0.0.1");
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      // An end that fails ends the other one too; that is all there is to do about it.
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    near.pipe(far).pipe(near);
  }
}
