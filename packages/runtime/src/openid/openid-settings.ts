import { readFile } from "node:fs/promises";
import { TributaryError } from "@tributary/kernel";
import type { NodeConfig } from "../config/config-schema.ts";

/** What a node knows of the site's OpenID provider. */
export interface OpenIdSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  /** What the console's button shows. */
  readonly name: string;
  readonly scopes: readonly string[];
  readonly userClaim: string;
  readonly roleClaim: string;
  readonly roles: NodeConfig["openid"]["roles"];
}

/** The settings of a configuration, the secret read from its file; `undefined` at a site without a provider. */
export async function openIdSettingsOf({ openid }: Pick<NodeConfig, "openid">): Promise<OpenIdSettings | undefined> {
  const { issuer, clientId, clientSecretFile, ...rest } = openid;
  if (issuer === undefined) return undefined;
  if (clientId === undefined) {
    throw new TributaryError(
      "CONFIG_INVALID",
      "openid.issuer is set and openid.clientId is not; set both, or neither.",
    );
  }
  const clientSecret =
    openid.clientSecret ?? (clientSecretFile === undefined ? undefined : await secretIn(clientSecretFile));
  return { ...rest, issuer, clientId, clientSecret };
}

async function secretIn(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (cause) {
    throw new TributaryError(
      "CONFIG_INVALID",
      "The file of openid.clientSecretFile cannot be read; see that it is there and the node may read it.",
      { cause },
    );
  }
}
