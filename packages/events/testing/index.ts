export { anEventDraft } from "./event-draft.ts";
export { moveAllQueuedEvents, publishAll, readWholeLog, setUpEvents } from "./events-database.ts";
