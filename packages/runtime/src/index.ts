export {
  type AuditEntry,
  type AuditFilter,
  type AuditOperation,
  type AuditPage,
  auditOperations,
  auditPageMax,
  type ChainVerdict,
  listAudit,
  readAuditInOrder,
} from "@tributary/audit";
export {
  discardFailedEvent,
  type FailedEvent,
  type FailedEventDecision,
  type FailedEventSort,
  listFailedEvents,
  readFailedEvent,
  readRetryLog,
  retryFailedEvent,
  sortValueOfFailedEvent,
} from "@tributary/feed";
export { type Alert, type AlertSort, listAlerts } from "./alerts/alerts.ts";
export { freePercentOf } from "./alerts/gather-signs.ts";
export { Mailer } from "./alerts/mailer.ts";
export type { NodeConfig } from "./config/config-schema.ts";
export { configSentences } from "./config/config-sentences.ts";
export { type ConfigPlace, configFileName, parseConfig, readConfig } from "./config/read-config.ts";
export { listSettings, type Setting, type SettingKind } from "./config/settings.ts";
export { type FeedConsumer, listFeedConsumers } from "./feeds/feed-consumers.ts";
export { type EventAtConsumer, type FollowedEvent, followEvent } from "./feeds/follow-event.ts";
export { type MarkerMove, type MovedMarker, moveConsumerMarker } from "./feeds/move-consumer-marker.ts";
export { type PublishedPage, readPublishedPage } from "./feeds/read-published-page.ts";
export { cleanLogLine } from "./log/clean-log-line.ts";
export { LogTail } from "./log/log-tail.ts";
export { type NodeLoggerOptions, openNodeLogger } from "./log/node-logger.ts";
export { readMetrics } from "./metrics/read-metrics.ts";
export { type ChildState, childStates } from "./network/child-state.ts";
export { type NetworkChild, readBehindSince, readNetworkChildren } from "./network/read-children.ts";
export { acknowledgeTrail } from "./node/acknowledge-trail.ts";
export { backUpNode, type NodeBackup } from "./node/back-up-node.ts";
export { appendNodeAudit, type NodeAct } from "./node/node-audit.ts";
export { type NodeHealth, readNodeHealth } from "./node/node-health.ts";
export { claimDatabase, readNodeIdentity, requireNodeIdentity } from "./node/node-identity.ts";
export { type NodeStatus, readNodeStatus } from "./node/node-status.ts";
export { migrateNode, nodeTimeline } from "./node/node-timeline.ts";
export { callerHeader, type Node, openNode, type SyncListeners } from "./node/open-node.ts";
export { type NodeSurroundings, openNodeDatabase } from "./node/open-node-database.ts";
export { playBundleAt } from "./node/play-bundle-at.ts";
export { type TrailVerdict, verifyAuditTrail } from "./node/verify-audit-trail.ts";
export { openIdSettingsOf } from "./openid/openid-settings.ts";
export { type OpenIdOutcome, OpenIdSignIn, type PendingSignIn } from "./openid/openid-sign-in.ts";
export { changeSettings } from "./settings/change-settings.ts";
export { configWith } from "./settings/config-with-settings.ts";
export { requireSettingKey } from "./settings/node-settings.ts";
export {
  countSettingsVersions,
  listSettingsVersions,
  readSettings,
} from "./settings/settings-versions.ts";
export { tellSettings } from "./settings/told-settings.ts";
export { readTimeline, type Timeline, type TimelineEntry, timelineVersionsMax } from "./timeline/read-timeline.ts";
export type { Whereabouts } from "./timeline/whereabouts.ts";
export {
  type ApiToken,
  checkApiToken,
  createApiToken,
  listApiTokens,
  revokeApiToken,
  stateOfToken,
  type TokenHolder,
} from "./tokens/api-tokens.ts";
export { readTraffic, readTrafficOfNodes, type TrafficPoint } from "./traffic/read-traffic.ts";
export { type TrafficAmounts, TrafficCounter } from "./traffic/traffic-counter.ts";
export { type UserLanguage, type UserRole, userLanguages, userRoles } from "./users/role.ts";
export { beginSession as makeSession, checkSession, csrfOf, endSession, type Session } from "./users/sessions.ts";
export { makeSetupToken, type SetupOutcome, setUpFirstUser } from "./users/setup-link.ts";
export { SignIn, type SignInOutcome } from "./users/sign-in.ts";
export type { UserActor } from "./users/user-audit.ts";
export {
  changeUser,
  createUser,
  hasPasswordUsers,
  hasUsers,
  listUsers,
  type NewUser,
  readUser,
  removeUser,
  type User,
  type UserChange,
} from "./users/users.ts";
