import type { Migration } from "@tributary/database";

/** What a node keeps so that files can be carried between it and its parent or children. */
export const carryMigrations: readonly Migration[] = [
  {
    id: "sync/12-carried-files",
    statements: (types) => [
      // The private halves: as a parent, under the empty name, one pair to sign and one to open; as a child one to open.
      `create table carry_own_keys (
        peer text not null,
        purpose text not null check (purpose in ('sign', 'open')),
        private_key text not null,
        primary key (peer, purpose)
      )`,
      // The public halves: of a parent both; of a child the one to seal for, since what it signs with is its token's key.
      `create table carry_peer_keys (
        peer text not null,
        role text not null check (role in ('parent', 'child')),
        signing_key text,
        sealing_key text not null,
        told_at ${types.bigint} not null,
        primary key (peer, role)
      )`,
      // At a child the last bundle that it wrote and the last whose answer it took in, at a parent the last one played.
      `create table carry_turns (
        peer text not null,
        step text not null check (step in ('written', 'played', 'taken')),
        turn ${types.bigint} not null check (turn >= 0),
        primary key (peer, step)
      )`,
    ],
  },
];
