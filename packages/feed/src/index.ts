export {
  type AtomContent,
  type AtomEntry,
  type AtomFeed,
  type AtomGenerator,
  type AtomLink,
  entryIdPrefix,
  eventContentType,
  feedMediaType,
  linkOf,
} from "./atom/atom-feed.ts";
export { type AtomLimits, atomLimits, type ParseAtomOptions, parseAtomFeed } from "./atom/parse-atom-feed.ts";
export {
  type EventExtension,
  feedHistoryNamespace,
  type LogExtension,
  tributaryNamespace,
} from "./atom/tributary-extension.ts";
export { writeAtomFeed } from "./atom/write-atom-feed.ts";
export { feedMigrations } from "./migrations.ts";
export {
  discardFailedEvent,
  type FailedEventDecision,
  readFailedEvent,
  readRetryLog,
  retryFailedEvent,
} from "./reader/decide-failed-event.ts";
export { type EventAtSubscription, readEventAtSubscriptions } from "./reader/event-at-subscriptions.ts";
export type { FailedEvent, FailedEventCounts, FailedEventState } from "./reader/failed-events.ts";
export { declaredOrderKey, type FeedEvent, type OrderKeyOf } from "./reader/feed-event.ts";
export { FeedReader, type FeedReaderOptions, type FeedRun, type FeedRunOptions } from "./reader/feed-reader.ts";
export type { FeedWorker } from "./reader/feed-worker.ts";
export {
  type FailedEventQuery,
  type FailedEventSort,
  listFailedEvents,
  sortValueOf as sortValueOfFailedEvent,
} from "./reader/list-failed-events.ts";
export { listSubscriptions, type SubscriptionState } from "./reader/list-subscriptions.ts";
export { type Marker, readMarker } from "./reader/marker.ts";
export type { FetchPage, FetchResponse, ForeignLinks } from "./reader/page-source.ts";
export { type FindMarkerOptions, findMarker, type MarkerTarget, placeMarker } from "./reader/place-marker.ts";
export { type Relocation, relocateMarker } from "./reader/relocate-marker.ts";
export type { LostMarkerPolicy, StartPosition, Subscription } from "./reader/subscription.ts";
export { addPageCut } from "./server/chunking-history.ts";
export { defaultIdentity, type FeedIdentity, openmrsIdentity, sync2Identity } from "./server/feed-identity.ts";
export { createFeedServer, type FeedServer, type FeedServerOptions } from "./server/feed-server.ts";
export { lastPage, type PageCut, type PageRange, pageRange } from "./server/page-arithmetic.ts";
