export { type FakeAnswer, FakePublisher, type FakePublisherOptions } from "./fake-publisher.ts";
