/** What an operator is told about one error code; the reference page of errors is made from it. */
export interface ErrorEntry {
  /** What it means. */
  readonly meaning: string;
  /** When it is normal to see it, if ever. */
  readonly normal: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** Every error that a node can report, by its code. A code is never reused for another meaning. */
export const errorCatalogue = {
  CONFIG_INVALID: {
    meaning: "The configuration file or an environment variable has a value the program cannot use.",
    normal: "After editing the configuration by hand.",
    remedy: "The message names the key and an accepted value. Correct it and start again; nothing has been changed.",
  },
  CONFIG_MISSING: {
    meaning: "There is no configuration where the program looked for it.",
    normal: "Before the first `tributary init`.",
    remedy: "Run `tributary init parent` or `tributary init child`, or name the folder with `--dir`.",
  },
  NODE_VERSION: {
    meaning: "The program was started with a Node.js that is too old for it.",
    normal: "When the system's own `node` is used instead of the one that npm installed.",
    remedy:
      "Start it through npm (`npx tributary`, `npm run …`), or install the Node.js version that the message names.",
  },
  DATABASE_UNAVAILABLE: {
    meaning: "The database cannot be opened or reached.",
    normal: "While PostgreSQL restarts.",
    remedy:
      "Check that the file or server named in the message exists and may be used; the node tries again by itself.",
  },
  DATABASE_BUSY: {
    meaning: "Another process held the database's write lock for longer than the node waits for it.",
    normal: "During a backup or a long maintenance command on the same SQLite file.",
    remedy:
      "Wait for the other process to end. Two `tributary serve` on one SQLite file are a mistake: stop one of them.",
  },
  DATABASE_FULL: {
    meaning: "The disk that holds the database has no room left.",
    normal: "Never.",
    remedy: "Free some space; nothing that was acknowledged is lost, and the node goes on by itself.",
  },
  DATABASE_NEWER: {
    meaning: "The database was written by a newer version of the program.",
    normal: "After going back to an older version.",
    remedy: "Install the newer version again; the older one leaves the data alone.",
  },
  CONTENT_NOT_CARRIABLE: {
    meaning: "An event's title, category, tags or content has characters that no Atom page can carry.",
    normal: "Never: it is refused when the event is raised, so that it cannot break a page later.",
    remedy: "Encode the value (as JSON or percent-encoding) before it is announced.",
  },
  OUTSIDE_TRANSACTION: {
    meaning: "An event was published, or a hook was set, on a transaction that has already ended.",
    normal: "Never; it is a defect of the calling code.",
    remedy: "Publish before the transaction's work returns.",
  },
  FEED_UNREADABLE: {
    meaning: "A feed page is no well-formed Atom: cut short, damaged, hostile, or not a feed at all.",
    normal: "On a bad line, or behind a portal that answers every request with its own page.",
    remedy: "Nothing was taken from the page and the marker has not moved; the reader tries again by itself.",
  },
  FEED_ENTRY_MISSING: {
    meaning: "The last entry that was read is no longer on the page where it stood.",
    normal: "After the publishing server was rebuilt or its page size was edited.",
    remedy: "The reader starts again from the agreed point. If the feed moved to another address, move its marker.",
  },
  FEED_MARKER_MOVED: {
    meaning: "Two readers of the same feed subscription work at the same time.",
    normal: "Never, but for a moment when a node is started before its predecessor has ended.",
    remedy: "Nothing was processed twice. Stop one of them, or give each its own consumer name.",
  },
  REMOTE_UNAVAILABLE: {
    meaning: "The other node cannot be reached, or broke off before it had answered.",
    normal: "Whenever the line is down.",
    remedy: "None is needed: work goes on locally and the node tries again by itself. Check the line if it lasts.",
  },
  REMOTE_REFUSED: {
    meaning: "The other node answered, and refused.",
    normal: "Never.",
    remedy: "The message carries its reason. A node that was revoked must be enrolled again.",
  },
  REMOTE_NONSENSE: {
    meaning: "The answer is not what the protocol allows.",
    normal: "Behind a portal that answers every request with its own page.",
    remedy: "Check that the address is the parent's and that nothing on the way rewrites answers.",
  },
  NOT_ENROLLED: {
    meaning: "This child has no parent yet.",
    normal: "Between `tributary init child` and `tributary enrol`.",
    remedy: "Ask the parent's operator for a code and run `tributary enrol --parent URL --code CODE`.",
  },
  SYNC_PAUSED: {
    meaning: "Somebody has paused this direction of the link to the parent.",
    normal: "As long as the pause lasts; `tributary status` says who paused it, when and why.",
    remedy:
      "Run `tributary resume`, or add `--even-if-paused` to do it this once. What was changed is kept and sent later.",
  },
  ENROLMENT_REFUSED: {
    meaning: "The enrolment code is unknown, used, or past its time.",
    normal: "When a code is typed a second time.",
    remedy: "Ask the parent's operator for a new code; each works once.",
  },
  UNAUTHORIZED: {
    meaning: "The request carries no credential, or one that is not valid here.",
    normal: "When a token has been revoked.",
    remedy: "Send `Authorization: Bearer TOKEN`; make a token with `tributary token create`.",
  },
  ROLE_TOO_SMALL: {
    meaning: "The token is known at that node, and its role does not allow what was asked.",
    normal: "When a token that is only to watch is used to decide.",
    remedy: "Use a token of a role that may do it; an administrator makes one with `tributary token create --role`.",
  },
  CLOCK_APART: {
    meaning: "The two nodes' clocks disagree by more than a request's signature allows.",
    normal: "Once, after a clock was set; the child then measures the difference and goes on.",
    remedy: "Set the clock if it is wrong; nothing is lost, since clocks decide nothing.",
  },
  EPOCH_CHANGED: {
    meaning: "The parent's stream is not the one this child was reading: it was restored or rebuilt.",
    normal: "After the parent was restored from a backup.",
    remedy: "The child reads the whole stream again; records that are already equal are left as they are.",
  },
  AUDIT_CHAIN_BROKEN: {
    meaning: "A node told its parent something else about a place in its audit trail than it had told before.",
    normal: "After the node was restored from a backup.",
    remedy:
      "Both chains are kept, and the node goes on in a further one. If it was not restored, somebody has altered its trail: keep a copy of its database, and compare. `tributary audit acknowledge` at the parent ends the warning.",
  },
  CHILD_RESTORED: {
    meaning:
      "The parent knows of more that this node has done than the node itself: its database is of an earlier time.",
    normal: "Once, at the first contact after a child was restored from a backup.",
    remedy:
      "Nothing: the node names its operations afresh, sends what it has, and takes back from the parent what it lost.",
  },
  CARRIED_FILE_REFUSED: {
    meaning:
      "A file that was carried from another node is not taken: it is for another node or from another one, damaged, altered, or older than what is here.",
    normal: "When an old or unfinished copy is brought, or the stick of another clinic.",
    remedy:
      "The message says why, and nothing has been changed. Write the file anew at the other node and bring that one.",
  },
  CARRIED_KEYS_MISSING: {
    meaning: "The two nodes have not told each other the keys with which carried files are sealed and signed.",
    normal: "Between nodes that enrolled under an older version, until their next contact over a line.",
    remedy: "Run `tributary pull` once at the child while it has a line, however slow: the keys are a kilobyte.",
  },
  FILE_UNAVAILABLE: {
    meaning: "A file or folder that was named on the command line cannot be read or written.",
    normal: "When a stick was pulled out, is full, or is write-protected.",
    remedy: "Check the name and the stick, and run the command again.",
  },
  CHILD_CLONED: {
    meaning: "Two installations are at work under the name of one child, and the parent answers neither.",
    normal: "After a node's folder was copied to a second machine and the first one was not stopped.",
    remedy:
      "Stop one of them. At the parent `tributary node accept-clone NAME` lists both and lets the right one in again; enrol the other under a name of its own.",
  },
  OPERATION_REUSED: {
    meaning:
      "A child gave a name that has a verdict already to other content, so that the verdict would not be about it.",
    normal: "After a child was restored from a backup, when the parent could not tell so before.",
    remedy: "Nothing: the node names its operations afresh and sends them again.",
  },
  UPGRADE_NEEDED: {
    meaning: "Parent and child have no version of the protocol, or of the records' form, in common.",
    normal: "While one of them has been brought up to date long before the other.",
    remedy:
      "The message names both versions and which of the two is the older: upgrade it. Meanwhile it works by itself.",
  },
  PAYLOAD_TOO_LARGE: {
    meaning: "A request or an answer is larger than its limit.",
    normal: "Never, between nodes: they size their batches.",
    remedy: "Split the request; the message names the limit.",
  },
  PORT_TAKEN: {
    meaning: "Another program listens on the address that this node is to serve.",
    normal: "When the node is started twice.",
    remedy: "Stop the other program, or set `http.port` to another number.",
  },
  ALREADY_INITIALISED: {
    meaning: "The folder already holds a node.",
    normal: "When `tributary init` is run twice.",
    remedy: "Use the node that is there, or name another folder with `--dir`. Nothing was changed.",
  },
  NOT_CONVERGED: {
    meaning: "At the end of a round a child did not hold exactly the parent's records.",
    normal: "Never.",
    remedy: "The message names the records that differ. Keep the folder: it is the evidence.",
  },
  SETTINGS_MOVED: {
    meaning: "The settings were changed by somebody else since they were read; nothing of this change was done.",
    normal: "When two administrators work at once.",
    remedy: "Look at what is in force, `tributary settings show`, and decide anew.",
  },
  CATCHMENT_REFUSED: {
    meaning: "A catchment's name or rule cannot be used, or no such catchment or child is known; nothing was changed.",
    normal: "When a rule was written by hand.",
    remedy: "The message says what is wrong. `tributary catchment preview` tries a rule without putting it into force.",
  },
  NOT_THERE: {
    meaning: "The node has nothing under the name that was given.",
    normal: "After somebody else has settled it, or after a typing error.",
    remedy: "Look at the list or the search that shows the names at that node, and say it again.",
  },
  CONFLICT_UNKNOWN: {
    meaning: "No conflict, or more than one, has the identifier that was given.",
    normal: "When the beginning of an identifier was typed that several conflicts share.",
    remedy: "`tributary conflicts list` prints the identifiers; give more of it, at the node where it is listed.",
  },
  RESOLUTION_REFUSED: {
    meaning: "A conflict cannot be decided in this way; nothing has been changed.",
    normal: "When a typed value would make the record invalid, or the reason is missing.",
    remedy:
      "The message says what is wrong. `--take current` closes a conflict about what is not in the record any more.",
  },
  FAILURE_NOT_EDITED: {
    meaning: "A record of what failed cannot be edited in this way; nothing has been changed.",
    normal: "When a file has the wrong record, or the record would not be valid.",
    remedy: "The message says what is wrong. `tributary failed show` prints the records as they are.",
  },
  INPUT_UNREADABLE: {
    meaning: "A file that was to be loaded cannot be read or understood.",
    normal: "Never.",
    remedy: "The message names the file and what is wrong with it; the files before it have been loaded.",
  },
} as const satisfies Record<string, ErrorEntry>;

/** The stable code of an error, as logs, answers and the reference page spell it. */
export type ErrorCode = keyof typeof errorCatalogue;
