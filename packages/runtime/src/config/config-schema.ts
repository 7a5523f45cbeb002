import { parseNodeId } from "@tributary/kernel";
import type { MergePolicy } from "@tributary/sync";
import * as z from "zod";

/** Ten years: longer than that is to keep them. */
const keepHoursMax = 87_600;
const access = z.enum(["token", "open"]);
const webAddress = z.url({ protocol: /^https?$/ });
/** A day: what is to be done more seldom than that is done by hand, or by a cron expression. */
const roundSecondsMax = 86_400;
const cronExpression = z.string().min(1).max(200).optional();
const resourceTypes = z.array(z.string().regex(/^[A-Z][A-Za-z]*$/, "a FHIR resource type"));
/** The policies that need no code. The engine is not loaded for its list of them, since every command reads this. */
const policyWords = ["merge", "manual", "parent-wins", "child-wins", "latest-wins"] as const satisfies MergePolicy[];
/** What the FHIR API takes at most; a larger body is no record but a mistake. */
const bodyMegabytesMax = 32;

/** A message to more than this is what a mailing list is for. */
const recipientsMax = 50;
const recipients = z.array(z.email()).max(recipientsMax).default([]);

/** Tokens and secrets go over this line; only a provider on this very machine needs no encryption. */
const safeIssuer = webAddress.refine(
  (text) => /^https:/.test(text) || /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/.test(text),
  "an address that begins with https",
);

function groupsOf(who: string, example: string) {
  return z
    .array(z.string().min(1))
    .default([])
    .meta({
      description: `Values of the role claim whose holders are ${who}; whoever has no role is not let in.`,
      example: [example],
    });
}

function typeFilter(goes: string, later: string) {
  return z
    .strictObject({
      only: resourceTypes.optional().meta({
        description: `The only resource types that are ${goes}; every type when left out.`,
        example: ["Patient", "Observation"],
      }),
      exclude: resourceTypes.optional().meta({
        description: `Resource types that are not ${goes}; what changes is held back, and ${later} when its type is taken out of this list.`,
        example: ["Media"],
      }),
    })
    .prefault({});
}

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
    timeZone: z.string().min(1).optional().meta({
      description: "The time zone in which cron expressions are read; the machine's own when left out.",
      example: "Africa/Nairobi",
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
  push: z
    .strictObject({
      everySeconds: z.number().min(0.1).max(roundSecondsMax).optional().meta({
        description: "How long a child waits between two pushes; it pushes before every pull when left out.",
        example: 300,
      }),
      cron: cronExpression.meta({
        description: "When a child pushes, as a cron expression, instead of at intervals.",
        example: "0 2 * * *",
      }),
      types: typeFilter("pushed by themselves", "sent"),
      first: resourceTypes.optional().meta({
        description: "Resource types that are sent before all others, in this order, instead of the default ones.",
        example: ["ServiceRequest", "AllergyIntolerance"],
      }),
    })
    .prefault({}),
  pull: z
    .strictObject({
      everySeconds: z.number().min(0.1).max(roundSecondsMax).default(30).meta({
        description: "How long a child waits between two looks at its parent.",
        example: 30,
      }),
      cron: cronExpression.meta({
        description: "When a child looks at its parent, as a cron expression, instead of at intervals.",
        example: "*/10 8-17 * * 1-5",
      }),
      types: typeFilter("pulled by themselves", "fetched"),
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
  verify: z
    .strictObject({
      cron: cronExpression.default("17 2 * * *").meta({
        description: "When a running child compares all its records with its parent's, as a cron expression.",
        example: "17 2 * * 0",
      }),
      repair: z.boolean().default(false).meta({
        description: "Whether it fetches and sends what differs, and does not only tell.",
        example: true,
      }),
    })
    .prefault({}),
  catchments: z
    .strictObject({
      afterExit: z.enum(["purge", "read-only"]).default("purge").meta({
        description: "What a child does with the records of a patient who leaves its catchment.",
        example: "purge",
      }),
      keepHours: z.number().min(0).max(keepHoursMax).default(0).meta({
        description: "How long a child keeps them, to be read and not edited, before it purges them.",
        example: 24,
      }),
      strategies: z.string().min(1).optional().meta({
        description:
          "A JavaScript module, from the node's folder, that exports further ways for rules to choose patients.",
        example: "./catchment-strategies.js",
      }),
    })
    .prefault({}),
  snapshots: z
    .strictObject({
      folder: z.string().min(1).default("snapshots").meta({
        description: "Where a parent keeps the snapshots from which its children begin, from the node's folder.",
        example: "/var/cache/tributary",
      }),
      abovePatients: z.int().min(1).default(2_000).meta({
        description: "How many patients a catchment must hold for a child to begin it from a snapshot.",
        example: 500,
      }),
    })
    .prefault({}),
  alerts: z
    .strictObject({
      webhookUrl: webAddress.optional().meta({
        description: "Where alerts are sent when they open and close, as signed JSON; nowhere when left out.",
        example: "https://hooks.example.org/tributary",
        secret: true,
      }),
      webhookSecret: z.string().min(16).optional().meta({
        description: "The key with which what is sent is signed (HMAC-SHA-256 in the header tributary-signature).",
        example: "a long random text",
        secret: true,
      }),
      mail: z
        .strictObject({
          url: z
            .url({ protocol: /^smtps?$/ })
            .optional()
            .meta({
              description: "The mail server over which alerts are sent, with name and password; none when left out.",
              example: "smtps://alerts:secret@mail.example.org:465",
              secret: true,
            }),
          from: z.string().min(3).max(320).default("tributary@localhost").meta({
            description: "Whom the messages come from.",
            example: "Tributary <tributary@example.org>",
          }),
          warningsTo: recipients.meta({
            description: "Who is told of warnings, and of what is critical too if criticalTo names nobody.",
            example: ["it@example.org"],
          }),
          criticalTo: recipients.meta({
            description: "Who is told of what is critical.",
            example: ["on-call@example.org"],
          }),
        })
        .prefault({}),
      silentMinutes: z.number().min(0.1).max(525_600).default(60).meta({
        description: "A child, or the parent, that was not heard of for so long is silent.",
        example: 15,
      }),
      outboxMinutes: z.number().min(1).max(525_600).default(240).meta({
        description: "Own changes that have waited longer than this to be sent are an alert.",
        example: 60,
      }),
      failures: z.int().min(1).max(1_000_000).default(20).meta({
        description: "So many failed records and units, and more than an hour before, are an alert.",
        example: 100,
      }),
      conflictDays: z.number().min(0.01).max(3_650).default(7).meta({
        description: "A conflict that nobody has decided for so long is an alert.",
        example: 3,
      }),
      clockSeconds: z.number().min(1).max(86_400).default(120).meta({
        description: "A clock that differs from the parent's by more than this is an alert.",
        example: 60,
      }),
      diskFreePercent: z.number().min(0).max(99).default(10).meta({
        description: "Less room than this on the disk of the node's folder is an alert; 0 never looks.",
        example: 5,
      }),
    })
    .prefault({}),
  openid: z
    .strictObject({
      issuer: safeIssuer.optional().meta({
        description: "The site's OpenID provider, over which users sign in to the console; none when left out.",
        example: "https://sign-in.example.org/realms/health",
      }),
      clientId: z.string().min(1).optional().meta({
        description: "The name by which the provider knows this node.",
        example: "tributary",
      }),
      clientSecret: z.string().min(1).optional().meta({
        description: "The secret that the provider gave it; best set as an environment variable, or in a file.",
        example: "a long random text",
        secret: true,
      }),
      clientSecretFile: z.string().min(1).optional().meta({
        description: "A file that holds the secret and nothing else, from the node's folder.",
        example: "/run/secrets/openid",
      }),
      name: z.string().min(1).max(60).default("OpenID").meta({
        description: "What the button at the sign-in shows.",
        example: "Ministry of Health",
      }),
      scopes: z
        .array(z.string().min(1))
        .default(["openid", "profile"])
        .meta({
          description: "What the provider is asked to tell; openid is always among it.",
          example: ["openid", "profile", "groups"],
        }),
      userClaim: z.string().min(1).default("preferred_username").meta({
        description: "The claim that becomes the user's name here, when they first come.",
        example: "email",
      }),
      roleClaim: z.string().min(1).default("groups").meta({
        description: "The claim whose values are mapped to roles; names with dots lead into claims within claims.",
        example: "realm_access.roles",
      }),
      roles: z
        .strictObject({
          viewer: groupsOf("viewers", "health-viewers"),
          operator: groupsOf("operators", "health-it"),
          reviewer: groupsOf("reviewers", "clinical-officers"),
          administrator: groupsOf("administrators", "health-admins"),
        })
        .prefault({}),
    })
    .prefault({}),
  metrics: z
    .strictObject({
      access: access.default("token").meta({
        description: "Who may read /metrics: holders of an API token, or everybody who reaches the port.",
        example: "open",
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
