import type { Reader } from "@tributary/database";
import { type RawBuilder, sql } from "kysely";
import type { Issue } from "../model/issue.ts";
import { includedMax } from "./limits.ts";
import { conditionCompiler } from "./query/condition-sql.ts";
import { findIncludes } from "./query/find-includes.ts";
import { findPage } from "./query/find-page.ts";
import { loadByKey } from "./query/load-rows.ts";
import { type PagePosition, writePageToken } from "./query/page-token.ts";
import { searchName } from "./request/parse-search-request.ts";
import type { IgnoredParameter, SearchRequest } from "./request/search-request.ts";
import type { SearchResult } from "./search-result.ts";

/** Does what `search` promises; a module of its own, so that a node that is not searched does not load it. */
export async function runSearch(reader: Reader, request: SearchRequest): Promise<SearchResult> {
  const { ignored } = request;
  if (request.count === 0) {
    return {
      matches: [],
      includes: [],
      total: await countMatches(reader, request),
      ignored,
      issues: issuesOf(ignored, false),
    };
  }
  const page = await findPage(reader, request);
  const matches = await loadByKey(
    reader,
    page.matches.map(({ resourceKey }) => resourceKey),
  );
  const included = await findIncludes(reader, request.includes, matches);
  const isWhole = request.page === undefined && page.next === undefined;
  const total = isWhole ? matches.length : request.total === "none" ? undefined : await countMatches(reader, request);
  return {
    matches,
    includes: included.resources,
    ...(total === undefined ? {} : { total }),
    ...tokens(request, page),
    ignored,
    issues: issuesOf(ignored, included.isCut),
  };
}

async function countMatches(reader: Reader, { type, conditions }: SearchRequest): Promise<number> {
  const { db, claims } = conditionCompiler(reader.dialect);
  const met: RawBuilder<unknown> = sql.join(claims(type, conditions), sql` and `);
  const statement = sql<{ matches: number }>`select count(*) as matches from resource as r where ${met}`;
  const [row] = await reader.query(statement.compile(db));
  return row?.matches ?? 0;
}

function tokens(
  request: SearchRequest,
  { next, previous }: { next: PagePosition | undefined; previous: PagePosition | undefined },
) {
  const name = searchName(request);
  return {
    ...(next ? { next: writePageToken(next, name) } : {}),
    ...(previous ? { previous: writePageToken(previous, name) } : {}),
  };
}

function issuesOf(ignored: readonly IgnoredParameter[], isCut: boolean): Issue[] {
  const issues: Issue[] = ignored.map(({ reason }) => ({
    severity: "warning",
    code: "not-supported",
    diagnostics: `${reason} The search was done without it.`,
  }));
  if (isCut) {
    const diagnostics = `Only the first ${includedMax} included resources are here; ask for fewer matches by _count.`;
    issues.push({ severity: "warning", code: "incomplete", diagnostics });
  }
  return issues;
}
