import {
  type ErrorCode,
  type ToldSentence,
  type ToldValue,
  TributaryError,
  tellSentence,
  type ValuesOf,
} from "@tributary/kernel";

/**
 * What the node says of a configuration, a setting, a user, a token or a marker with which it cannot work, by key. A name in
 * braces stands for a value; some values are parts that are told themselves.
 */
export const configSentences = {
  "setting-wrong": "{key} {given} in {place}; write {expected}, for example {example}.",
  "setting-item-wrong": "{key} {given} in {place}; write one of {choices}.",
  "setting-unknown": "{key} in {place} is no setting; did you mean {meant}?",
  "setting-unlisted":
    "{key} in {place} is no setting; take it out. All settings are listed in docs/reference/configuration.md.",
  "section-wrong": "{key} {given} in {place}; it must be a mapping of settings.",
  "given-nothing": "is missing",
  "given-null": "is empty, a value that cannot be used",
  "given-list": "is a list that cannot be used",
  "given-mapping": "is a mapping that cannot be used",
  "given-empty-text": "is an empty text that cannot be used",
  "given-text": "is a text that cannot be used",
  "given-boolean": "is true or false that cannot be used",
  "given-number": "is a number that cannot be used",
  "expected-choice": "one of {choices}",
  "expected-mapping": "a mapping",
  "expected-list": "a list",
  "expected-boolean": "true or false",
  "expected-text": "a text of the right form",
  "expected-number": "a number from {least} to {most}",
  "expected-whole-number": "a whole number from {least} to {most}",
  "policy-type-unknown": "{key} in {place} is no FHIR resource type; {advice}",
  "policy-element-unknown": "{key} in {place} is an element that {whose}; {advice}",
  "policy-element-elsewhere": "{key} in {place} is only ever merged together with {element}; name that one.",
  "element-of-no-type": "no resource type has",
  "element-not-of-type": "{type} does not have",
  "advice-meant": "did you mean {meant}?",
  "advice-guide": "see docs/guides/decide-who-wins.md.",
  "advice-one-of": "write one of {names}.",
  "cron-wrong":
    '{key} is no cron expression such as "0 2 * * *", or node.timeZone is no time zone such as Africa/Nairobi.',
  "types-wrong": "{key} names what is no FHIR resource type; write types such as Patient.",
  "settings-fixed": "{key} cannot be set while the node runs; {advice}",
  "settings-no-mapping": "{key} in the settings is no mapping with {names}.",
  "settings-too-long": "Settings are at most {most} characters long.",
  "settings-without-reason": "Settings are changed only with a reason.",
  "settings-moved":
    "The settings were changed by somebody else in the meantime; look at what is in force and decide anew.",
  "user-taken": "There is already a user {user}.",
  "user-name-wrong": "A user's name has 1 to 63 small letters, digits, dots, hyphens, underscores or at signs.",
  "user-role-unknown": "A role is one of {roles}.",
  "user-last-administrator": "{user} is the last administrator; make another one first.",
  "user-of-provider": "{user} signs in at the OpenID provider, whose groups decide about the role; change it there.",
  "password-wrong": "A password has {least} to {most} characters and is not the name; a short sentence is a good one.",
  "token-name-wrong":
    "A token's name has 1 to 63 letters, digits, spaces, dots, hyphens or underscores, for example reporting.",
  "token-taken": "There is already a token named {token}; give the new one another name.",
  "feed-entry-unknown": "The feed has no such entry; the marker stays where it is.",
  "trail-without-reason": "A broken trail is acknowledged only with a reason.",
} as const;

/** The key of one of these sentences. */
export type ConfigSentenceKey = keyof typeof configSentences;

/** A sentence, or a part of one, by its key. */
export function configSentence<Key extends ConfigSentenceKey>(
  key: Key,
  values: ValuesOf<(typeof configSentences)[Key]>,
): ToldSentence {
  return { key, values: values as Readonly<Record<string, ToldValue>> };
}

/** The error with one of these sentences as its message; `CONFIG_INVALID` unless another code is named. */
export function configError(
  told: ToldSentence,
  { code = "CONFIG_INVALID", cause }: { readonly code?: ErrorCode; readonly cause?: unknown } = {},
): TributaryError {
  const message = tellSentence(configSentences, told);
  return new TributaryError(code, message, cause === undefined ? { told } : { told, cause });
}
