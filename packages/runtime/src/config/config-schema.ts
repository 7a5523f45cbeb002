import { parseNodeId } from "@tributary/kernel";
import type { MergePolicy } from "@tributary/sync";
import * as z from "zod";

const access = z.enum(["token", "open"]);
const webAddress = z.url({ protocol: /^https?$/ });
/** A day: a child that pulls more seldom than that is pulled by hand. */
const pullSecondsMax = 86_400;
/** The policies that need no code. The engine is not loaded for its list of them, since every command reads this. */
const policyWords = ["merge", "manual", "parent-wins", "child-wins", "latest-wins"] as const satisfies MergePolicy[];
/** What the FHIR API takes at most; a larger body is no record but a mistake. */
const bodyMegabytesMax = 32;

/**
 * Everything that can be set about a node: the file `tributary.yaml` after it has been read, and the shape of the value
 * that the whole program uses. Every setting carries its description and an accepted example, from which messages and
 * the reference page are made.
 */
export const configSchema = z.strictObject({
  node: z.strictObject({
    id: z
      .string()
      .refine((text) => parseNodeId(text) !== undefined, "1 to 63 letters, digits, dots or hyphens")
      .meta({
        description: "Names this node for ever, to its parent and in the history of records.",
        example: "clinic-1",
      }),
    role: z.enum(["parent", "child", "hub"]).meta({
      description: "A parent lets children enrol; a child pulls from its parent; a hub does both.",
      example: "child",
    }),
  }),
  database: z.string().min(1).default("node.db").meta({
    description: "The path of a SQLite file, from the node's folder, or the URL of a PostgreSQL database.",
    example: "postgres://tributary:secret@127.0.0.1/tributary",
  }),
  http: z
    .strictObject({
      host: z.string().min(1).default("127.0.0.1").meta({
        description: "The address to listen on. `0.0.0.0` lets other machines in.",
        example: "0.0.0.0",
      }),
      port: z.int().min(0).max(65_535).default(8080).meta({
        description: "The port to listen on; 0 takes any that is free.",
        example: 8080,
      }),
      publicUrl: webAddress.optional().meta({
        description: "The address under which others reach this node, when it is not the one it listens on.",
        example: "https://central.example.org",
      }),
      trustProxy: z.boolean().default(false).meta({
        description: "Whether X-Forwarded-Proto, -Host and -For are believed; only behind a proxy that sets them.",
        example: true,
      }),
    })
    .prefault({}),
  fhir: z
    .strictObject({
      access: access.default("token").meta({
        description: "Who may use the FHIR API: holders of an API token, or everybody who reaches the port.",
        example: "token",
      }),
    })
    .prefault({}),
  feed: z
    .strictObject({
      access: access.default("token").meta({
        description: "Who may read the Atom feeds: holders of an API token, or everybody who reaches the port.",
        example: "open",
      }),
      title: z.string().min(1).default("Tributary").meta({
        description: "The title of every feed.",
        example: "Central registry",
      }),
      author: z.string().min(1).default("Tributary").meta({
        description: "The author that every feed names.",
        example: "Ministry of Health",
      }),
      idPrefix: z.string().min(1).default("tributary").meta({
        description: "What the id of a feed's page begins with; a plus sign and the page's number follow.",
        example: "bec795b1-3d17-451d-b43e-a094019f6984",
      }),
      categories: z
        .record(
          z.string().regex(/^[A-Z][A-Za-z]*$/, "a FHIR resource type"),
          z.strictObject({
            category: z.string().min(1).optional(),
            title: z.string().min(1).optional(),
            content: z.string().min(1).optional(),
          }),
        )
        .default({})
        .meta({
          description:
            "Per resource type its category, its title, and its content, in which {type}, {id} and {version} are filled in.",
          example: { Patient: { category: "patient", title: "Patient", content: "/fhir/Patient/{id}" } },
        }),
    })
    .prefault({}),
  parent: z
    .strictObject({
      url: webAddress.optional().meta({
        description: "Where a child finds its parent; `tributary enrol` asks for it once and keeps it in the database.",
        example: "https://central.example.org",
      }),
    })
    .prefault({}),
  pull: z
    .strictObject({
      everySeconds: z.number().min(0.1).max(pullSecondsMax).default(30).meta({
        description: "How long a child waits between two looks at its parent.",
        example: 30,
      }),
    })
    .prefault({}),
  merge: z
    .strictObject({
      policies: z
        .array(z.strictObject({ type: z.string(), element: z.string().optional(), policy: z.enum(policyWords) }))
        .default([])
        .meta({
          description:
            "Who wins where two sites changed the same element: rules by resource type and element, before the default ones.",
          example: [{ type: "Patient", element: "telecom", policy: "child-wins" }],
        }),
      strategies: z.string().min(1).optional().meta({
        description: "A JavaScript module, from the node's folder, that exports further rules, functions among them.",
        example: "./merge-rules.js",
      }),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z.enum(["debug", "info", "warn", "error", "silent"]).default("info").meta({
        description: "The least important line that is written.",
        example: "info",
      }),
    })
    .prefault({}),
  limits: z
    .strictObject({
      bodyMegabytes: z.number().positive().max(bodyMegabytesMax).default(32).meta({
        description: "The largest request body, after decompression.",
        example: 32,
      }),
    })
    .prefault({}),
});

/** The configuration of a node, complete and valid. */
export type NodeConfig = z.output<typeof configSchema>;
