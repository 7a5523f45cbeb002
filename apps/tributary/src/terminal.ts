/** Where a command reads its surroundings and says what it did; tests hand in their own. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Results: what another program may read. */
  print(text: string): void;
  /** A part of a long result, as it stands; resolves when there is room for the next, or when nobody reads any more. */
  stream(text: string): Promise<void>;
  /** Everything else: progress, advice, errors. */
  note(text: string): void;
  /** Whether a person watches the notes, so that a line may be drawn again and again. */
  readonly isWatched: boolean;
  /** Replaces the last thing drawn; does nothing when nobody watches. */
  redraw(text: string): void;
}

/**
 * The terminal, pipe or log that this process was started with. A reader that goes away, as `| head` does, breaks nothing
 * off: the command goes on, and its exit code tells what came of it.
 */
export function processTerminal(): Terminal {
  let drawnLines = 0;
  for (const output of [process.stdout, process.stderr]) {
    if (!output.listeners("error").includes(refuseUnlessGone)) output.on("error", refuseUnlessGone);
  }
  const clear = () => {
    if (drawnLines > 0) process.stderr.write(`\u001b[${drawnLines}A\r\u001b[J`);
    drawnLines = 0;
  };
  return {
    environment: process.env,
    isWatched: process.stderr.isTTY === true,
    print(text) {
      clear();
      process.stdout.write(`${text}\n`);
    },
    async stream(text) {
      if (!process.stdout.write(text)) await roomIn(process.stdout);
    },
    note(text) {
      clear();
      process.stderr.write(`${text}\n`);
    },
    redraw(text) {
      if (!process.stderr.isTTY) return;
      clear();
      process.stderr.write(`${text}\n`);
      drawnLines = text.split("\n").length;
    },
  };
}

function refuseUnlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

/** Resolves when an output takes more, or will never take anything again. */
async function roomIn(output: NodeJS.WriteStream): Promise<void> {
  if (!output.writable) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  output.once("drain", resolve).once("close", resolve);
  await promise;
  output.off("drain", resolve).off("close", resolve);
}
