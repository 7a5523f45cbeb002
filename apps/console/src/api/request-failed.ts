import type { RefusalAnswer } from "@tributary/admin-api";

/** The node refused a request, or could not be reached (`status` 0). The message is the node's sentence, in English. */
export class RequestFailed extends Error {
  override readonly name = "RequestFailed";
  readonly status: number;
  readonly code: string;
  /** The sentence by its key, where it has one. */
  readonly told: RefusalAnswer["told"];

  constructor(status: number, { code, message, told }: RefusalAnswer) {
    super(message);
    this.status = status;
    this.code = code;
    this.told = told;
  }
}
