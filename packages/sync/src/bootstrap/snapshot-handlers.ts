import type { Database } from "@tributary/database";
import type { HttpResponse } from "@tributary/kernel";
import { visibilityOf } from "../catchment/visibility.ts";
import type { ChildHandler } from "../enrolment/child-authentication.ts";
import { jsonAnswer } from "../line/json-answer.ts";
import { snapshotChunkType } from "../line/protocol.ts";
import type { SnapshotLibrary } from "./snapshot-library.ts";

const nothing: HttpResponse = { status: 204, headers: { "cache-control": "no-store" } };

/** Answers with the manifest of the child's snapshot, or with how far its making is; 204 where none are made. */
export function createSnapshotHandler(database: Database, library: SnapshotLibrary | undefined): ChildHandler {
  return async (_request, child) => {
    const visibility = await visibilityOf(database, child.node);
    if (!library || visibility.catchment === undefined) return nothing;
    return jsonAnswer(200, await library.latest(visibility));
  };
}

/**
 * Serves a chunk, from any byte on, to the children whose catchment it is. 204 for every other one, whether it exists or
 * not: the child asks for the manifest again.
 */
export function createSnapshotChunkHandler(database: Database, library: SnapshotLibrary | undefined): ChildHandler {
  return async (request, child) => {
    const { sha256 = "" } = request.parameters;
    if (!library || !/^[0-9a-f]{64}$/.test(sha256)) return nothing;
    const visibility = await visibilityOf(database, child.node);
    const bytes = visibility.catchment === undefined ? undefined : await library.chunk(visibility, sha256);
    if (!bytes) return nothing;
    const headers = {
      "content-type": snapshotChunkType,
      "cache-control": "private, max-age=31536000, immutable",
      etag: `"${sha256}"`,
      "accept-ranges": "bytes",
    };
    const from = Number(/^bytes=(\d{1,12})-$/.exec(request.headers["range"] ?? "")?.[1] ?? 0);
    if (from === 0 || from >= bytes.byteLength) return { status: 200, headers, body: bytes };
    const range = `bytes ${from}-${bytes.byteLength - 1}/${bytes.byteLength}`;
    return { status: 206, headers: { ...headers, "content-range": range }, body: bytes.subarray(from) };
  };
}
