import * as z from "zod";
import { configSchema } from "./config-schema.ts";

/** What a value must be, as far as a message or an environment variable needs to know. */
export type SettingKind = "text" | "whole number" | "number" | "true or false" | "one of" | "mapping" | "list";

/** One key of the configuration, described. */
export interface Setting {
  /** As in the file, with dots: `http.port`. */
  readonly key: string;
  /** The environment variable that overrides it; a mapping or a list can only stand in the file. */
  readonly variable: string | undefined;
  readonly kind: SettingKind;
  readonly choices: readonly string[] | undefined;
  readonly least: number | undefined;
  readonly most: number | undefined;
  readonly isRequired: boolean;
  /** Its value is shown to nobody. */
  readonly isSecret: boolean;
  readonly fallback: unknown;
  readonly description: string;
  readonly example: unknown;
}

interface Shape {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly description?: string;
  readonly example?: unknown;
  readonly secret?: boolean;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
}

let known: readonly Setting[] | undefined;

/** Every setting in the order of the file. */
export function listSettings(): readonly Setting[] {
  known ??= settingsIn(z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" }) as Shape, "");
  return known;
}

/** The environment variable of a key: `http.publicUrl` is `TRIBUTARY_HTTP_PUBLIC_URL`. */
export function variableOf(key: string): string {
  return `TRIBUTARY_${key
    .replaceAll(".", "_")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toUpperCase()}`;
}

function settingsIn(shape: Shape, prefix: string): Setting[] {
  return Object.entries(shape.properties ?? {}).flatMap(([name, inner]) => {
    const key = `${prefix}${name}`;
    if (inner.properties) return settingsIn(inner, `${key}.`);
    const kind = kindOf(inner);
    return [
      {
        key,
        variable: kind === "mapping" || kind === "list" ? undefined : variableOf(key),
        kind,
        choices: inner.enum,
        least: inner.minimum ?? inner.exclusiveMinimum,
        most: inner.maximum,
        isRequired: shape.required?.includes(name) ?? false,
        isSecret: inner.secret ?? false,
        fallback: inner.default,
        description: inner.description ?? "",
        example: inner.example,
      },
    ];
  });
}

function kindOf({ type, enum: choices }: Shape): SettingKind {
  if (choices) return "one of";
  if (type === "integer") return "whole number";
  if (type === "number") return "number";
  if (type === "boolean") return "true or false";
  if (type === "array") return "list";
  return type === "object" ? "mapping" : "text";
}
