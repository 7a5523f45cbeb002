import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { TributaryError } from "@tributary/kernel";
import type { NodeConfig } from "./config-schema.ts";
import type { EnvironmentValue } from "./environment.ts";

/** The name of the file in a node's folder. */
export const configFileName = "tributary.yaml";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a node's configuration: the file `tributary.yaml` in its folder, overridden by environment variables
 * (`TRIBUTARY_HTTP_PORT` for `http.port`), into one validated value. Paths are made absolute from the folder.
 *
 * Throws `CONFIG_MISSING` when the folder has no such file, and `CONFIG_INVALID` as `parseConfig` does.
 */
export async function readConfig(folder: string, environment: Environment = {}): Promise<NodeConfig> {
  const file = join(resolve(folder), configFileName);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new TributaryError(
      "CONFIG_MISSING",
      `There is no ${file}. Run \`tributary init parent\` or \`tributary init child\`, or name the folder with --dir.`,
      { cause },
    );
  }
  return parseConfig(text, { where: file, folder, environment });
}

/** Where a configuration's text stands, and what else decides its values. */
export interface ConfigPlace {
  /** Names the text in messages. */
  readonly where: string;
  readonly folder: string;
  readonly environment?: Environment;
}

/**
 * Reads a configuration's text into one validated value.
 *
 * Throws `CONFIG_INVALID` with a sentence that names the key, what stands there, and an accepted value. Values are never
 * quoted, since one may be a password.
 */
export async function parseConfig(text: string, { where, folder, environment = {} }: ConfigPlace): Promise<NodeConfig> {
  const [document, { configSchema }, { readEnvironment }] = await Promise.all([
    parseYaml(text, where),
    import("./config-schema.ts"),
    import("./environment.ts"),
  ]);
  const overrides = readEnvironment(environment);
  const parsed = configSchema.safeParse(withOverrides(document, overrides), { reportInput: true });
  if (!parsed.success) {
    const [{ explainIssue }, { configError }] = await Promise.all([
      import("./explain-issue.ts"),
      import("./config-sentences.ts"),
    ]);
    const issue = parsed.error.issues[0]!;
    const variable = overrides.find(({ key }) => key === issue.path.join("."))?.variable;
    throw configError(explainIssue(issue, variable ?? where));
  }
  const { merge, catchments, database, openid } = parsed.data;
  if (merge.policies.length > 0) {
    const { checkPolicies } = await import("./check-policies.ts");
    checkPolicies(merge.policies, { key: "merge.policies", place: where });
  }
  return {
    ...parsed.data,
    database: databaseAddress(database, folder),
    snapshots: { ...parsed.data.snapshots, folder: resolve(folder, parsed.data.snapshots.folder) },
    openid: withFile(openid, folder),
    merge: merge.strategies === undefined ? merge : { ...merge, strategies: resolve(folder, merge.strategies) },
    catchments: catchments.strategies
      ? { ...catchments, strategies: resolve(folder, catchments.strategies) }
      : catchments,
  };
}

function withFile(openid: NodeConfig["openid"], folder: string): NodeConfig["openid"] {
  const { clientSecretFile: file, scopes } = openid;
  const asked = scopes.includes("openid") ? scopes : ["openid", ...scopes];
  return { ...openid, scopes: asked, ...(file === undefined ? {} : { clientSecretFile: resolve(folder, file) }) };
}

async function parseYaml(text: string, where: string): Promise<Record<string, unknown>> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text, { prettyErrors: true });
  const error = document.errors[0];
  if (error) {
    const line = error.linePos?.[0].line;
    throw new TributaryError(
      "CONFIG_INVALID",
      `${where} is no valid YAML in line ${line} (${error.code}); correct it.`,
    );
  }
  const value = contentOf(document, where) ?? {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new TributaryError(
      "CONFIG_INVALID",
      `${where} must be a mapping of settings, such as \`http: { port: 8080 }\`.`,
    );
  }
  return value as Record<string, unknown>;
}

/** Aliases may lead nowhere, or unfold to more than any configuration holds. */
function contentOf(document: { toJS(): unknown }, where: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw new TributaryError("CONFIG_INVALID", `The aliases in ${where} cannot be followed; write the values out.`, {
      cause,
    });
  }
}

function withOverrides(document: Record<string, unknown>, overrides: readonly EnvironmentValue[]): unknown {
  const merged = structuredClone(document);
  for (const { key, value } of overrides) {
    const path = key.split(".");
    const last = path.pop()!;
    let at = merged;
    for (const name of path) {
      if (typeof at[name] !== "object" || at[name] === null) at[name] = {};
      at = at[name] as Record<string, unknown>;
    }
    at[last] = value;
  }
  return merged;
}

function databaseAddress(address: string, folder: string): string {
  return /^[a-z]+:/i.test(address) ? address : resolve(folder, address);
}
