/** What `tributary init` was told about the new node. */
export interface InitialSettings {
  readonly id: string;
  readonly role: "parent" | "child" | "hub";
  /** Text when what was given is no number; reading the file back refuses it. */
  readonly port: number | string;
  /** Left to the default, or to TRIBUTARY_DATABASE, when it is `undefined`. */
  readonly database: string | undefined;
}

/** Writes the first `tributary.yaml` of a node: what was chosen, and as comments what can be. */
export function writeInitialConfig({ id, role, port, database }: InitialSettings): string {
  const upward = `
pull:
  # Seconds between two looks at the parent.
  everySeconds: 30
`;
  return `# The node ${quoted(id)}. All settings are explained in docs/reference/configuration.md; each can also come from an
# environment variable: http.port from TRIBUTARY_HTTP_PORT, and so on.

node:
  # Its name for ever: the history of its records speaks of it.
  id: ${quoted(id)}
  role: ${role}

# A SQLite file, from this folder, or postgres://USER:PASSWORD@HOST/NAME.
${database === undefined ? "# database: node.db" : `database: ${quoted(database)}`}

http:
  # 0.0.0.0 lets other machines in; put a proxy with TLS before it.
  host: 127.0.0.1
  port: ${quoted(port)}
  # publicUrl: https://central.example.org
  # trustProxy: true

# Who may use each door: holders of a token (tributary token create NAME), or everybody who reaches the port (open).
fhir:
  access: token
feed:
  access: token
  title: ${quoted(`Records of ${id}`)}
  # categories:
  #   Patient: { category: patient, title: Patient, content: "/fhir/Patient/{id}" }
${role === "parent" ? "" : upward}
log:
  level: info
`;
}

/** JSON is YAML, so any text can stand in the file. */
function quoted(value: string | number): string {
  return typeof value === "string" && /^[A-Za-z][\w./-]*$/.test(value) ? value : JSON.stringify(value);
}
