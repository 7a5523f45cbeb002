/**
 * Every sentence with which the admin API refuses by itself, by key; a name in braces stands for a value. What is refused
 * further within a node has a sentence of its own there, with or without a key.
 */
export const refusalSentences = {
  // Of any request.
  "token-not-valid": "This token is not valid here; make one with `tributary token create`.",
  "not-signed-in":
    "Nobody is signed in; sign in at /console, or send `Authorization: Bearer TOKEN` with one made by `tributary token create`.",
  "token-wrong":
    "This token is not valid here; send `Authorization: Bearer TOKEN` with one made by `tributary token create`.",
  "token-needed": "A token is needed; send `Authorization: Bearer TOKEN` with one made by `tributary token create`.",
  "role-too-small": "Your role does not allow this; an administrator can give you another one.",
  "people-not-for-token": "This token's role may not see people; records are for a reviewer's or an administrator's.",
  "for-nobody": "Nobody may do this here.",
  "other-page": "The request does not come from the console's own page; load it again.",
  "too-often": "This is asked more often than a node answers; wait {seconds} s.",
  "no-such-path": "There is nothing under this path. FHIR stands under /fhir, feeds under /feed.",
  "no-such-path-near":
    "There is nothing under this path; the nearest is {nearest}. FHIR stands under /fhir, feeds under /feed.",
  "no-such-method": "{method} cannot be used here; {allowed} can.",
  "path-unreadable": "The request's path cannot be read.",
  "host-unreadable": "The request's Host header cannot be read.",
  "request-unreadable": "The request cannot be read; check its headers and its length.",
  "body-not-utf8": "The body is not UTF-8; send it as UTF-8.",
  "charset-not-utf8": "Only UTF-8 is understood; send the body as UTF-8.",
  "body-too-large": "The body is larger than {bytes} bytes (limits.bodyMegabytes); split the request.",
  "body-encoding": "Bodies may be compressed as {encodings}, not as the Content-Encoding says.",
  "body-cut": "The body is no whole {encoding} stream; it may have been cut short.",
  "body-not-json": "The body is no JSON.",
  "request-unusable": "What was sent cannot be used: {places}.",
  "parameter-with-nul": "{name} has a NUL in it.",
  "place-unusable": "Hand in as after what a page told as next, of a list that was sorted in the same way.",
  "next-unusable": "after is what a page told as next.",
  "too-many-screens": "{most} screens follow this node already; this one is to ask now and then.",
  "own-defect": "Something went wrong within this node; its log has the details under the request {request}.",

  // Coming in.
  "sign-in-refused": "The name or the password is not right, or the name is locked for a while after wrong passwords.",
  "sign-in-crowded": "Too many are signing in at this moment; try again.",
  "wrong-passwords": "Too many wrong passwords came from this address; wait {seconds} seconds.",
  "set-up-link-used": "This set-up link is used or too old; start the node again for another one.",
  "user-changed": "The user was changed meanwhile; sign in again.",
  "language-of-token": "Only users have a language; an API token has none.",
  "password-of-token": "Only users have passwords; an API token has none.",
  "no-provider": "This node has no OpenID provider.",
  "user-unknown": "There is no user {user}.",
  "token-unknown": "There is no token named {token}.",

  // The link to the parent, and what failed on it.
  "node-is-parent": "The node {node} is a parent; its children push to it and pull from it.",
  "failure-unknown": "There is no failure {failure} on the list; `tributary failed list` shows them all.",
  "failures-unnamed": "Name the failures to give up, or their class, or say that all are meant.",
  "failure-of-parent": "Only own changes are mended by an edit here; the parent's records are edited at the parent.",
  "failure-of-others": "The body is none of the failure's records, which are {references}.",
  "failure-version": "{reference} is at version {version}; look at it again.",
  "failure-unchanged": "{reference} says that already; retry the failure as it is.",
  "failure-not-valid": "The record would not be valid: {issues}",
  "failure-not-ours": "{issues}",

  // Conflicts.
  "conflict-unknown": "This node has no conflict {conflict}.",
  "conflict-ambiguous": "More than one conflict begins with {conflict}.",
  "conflict-gone": "This node has no such conflict any more.",
  "conflict-not-open": "The conflict is {state} and waits for nobody.",
  "reviewer-unknown":
    "No reviewer or administrator of this node has that name. To assign it to a group, or to somebody at another node, say so with unlisted (--unlisted on the command line).",
  "assignee-length": "A name has 1 to {most} characters.",
  "reason-length": "A reason has 1 to {most} characters.",
  "record-not-come": "{reference} has not come to this node yet; pull first.",
  "element-gone": "{reference} has nothing any more where {element} was.",
  "decision-not-valid": "{reference} would not be valid: {issues}",
  "undo-not-valid": "{reference} would not be valid with what it said before: {issues}",
  "edited-since":
    "{element} of {reference} has been edited since. Edit the record, or open the conflict and leave the record as it is, with keepValue (--keep-value on the command line).",
  "value-not-kept":
    "What {element} of {reference} said before was not kept. Edit the record, or open the conflict and leave the record as it is, with keepValue (--keep-value on the command line).",
  "decision-not-ours": "{diagnostics}",
  "settled-by-rule": "A rule has settled this conflict; edit the record to change it.",
  "superseded-by": "The decision of {conflict} superseded it; take that one back.",

  // Records and their history.
  "record-name-wrong": "This is the name of no record.",
  "record-unknown": "This node never had such a record.",
  "record-unknown-at": "The node {node} never had {reference}.",
  "timeline-unknown": "The node {node} never had such a record.",
  "audit-format-unknown": "format is csv or ndjson.",
  "audit-operation-unknown": "operation is one of {operations}.",

  // Feeds.
  "feed-page-name-wrong": '"recent" or a number names a feed page.',
  "feed-page-unknown": "The feed has no such page.",
  "event-unknown": "This node has no such event.",
  "failed-event-gone": "There is no such failed event any more; it may have been processed meanwhile.",
  "failed-event-name-wrong": "A failed event is named by its number.",
  "failed-event-waits": "An earlier event of the same record stands before it; decide about that one first.",

  // Catchments, patients of elsewhere, and children.
  "catchment-unknown": "There is no catchment {catchment}; a rule makes one.",
  "types-unknown": "{types}: there is no such resource type; write types such as Location.",
  "patient-name-wrong": "The patient is named by the id, for example 123.",
  "purpose-wrong": "The purpose is a word, for example emergency.",
  "guest-days-wrong": "Guests stay for 1 to {most} days.",
  "node-name-wrong": "A node's name has 1 to 63 letters, digits, dots or hyphens, for example clinic-1.",
  "codes-at-parent": "The node {node} is a child; codes are issued at its parent.",
  "requests-at-parent": "The node {node} is a child; requests are accepted at its parent.",
  "child-unknown": "No node {node} has enrolled here.",
  "child-without-access": "No child {node} has access here.",
  "child-not-twice": "The node {node} is not at work in two installations.",
  "installation-unknown": "The node {node} is not at work in two installations, or none of them is {installation}.",

  // What a check says of a record, a part of the sentences above. Beside the diagnostics each has the place that it is about.
  "issue-required": "{diagnostics}",
  "issue-structure": "{diagnostics}",
  "issue-value": "{diagnostics}",
  "issue-too-long": "{diagnostics}",
  "issue-code-invalid": "{diagnostics}",
  "issue-invariant": "{diagnostics}",
  "issue-duplicate": "{diagnostics}",
  "issue-invalid": "{diagnostics}",
  "issue-not-found": "{diagnostics}",
  "issue-forbidden": "{diagnostics}",
  "issue-other": "{diagnostics}",
} as const;

/** The key of one of these sentences. */
export type RefusalKey = keyof typeof refusalSentences;
