import { type Reader, sql, type Transaction } from "@tributary/database";

const readOne = sql("select turn from carry_turns where peer = $1 and step = $2");
const raiseOne = sql(`
  insert into carry_turns (peer, step, turn) values ($1, $2, $3)
  on conflict (peer, step) do update set turn = excluded.turn where carry_turns.turn < excluded.turn`);

/** What is done with a bundle: the child writes it, the parent plays it, the child takes its answer in. */
export type TurnStep = "written" | "played" | "taken";

/** The number of the last bundle, between this node and another, with which that was done; 0 before the first. */
export async function readTurn(reader: Reader, peer: string, step: TurnStep): Promise<number> {
  return (await reader.first<{ readonly turn: number }>(readOne, [peer, step]))?.turn ?? 0;
}

/** Notes that it was done with a bundle of that number. The number never goes down. */
export async function raiseTurn(tx: Transaction, peer: string, step: TurnStep, turn: number): Promise<void> {
  await tx.run(raiseOne, [peer, step, turn]);
}
