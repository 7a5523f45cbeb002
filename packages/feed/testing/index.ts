export { type FakeAnswer, FakePublisher, type FakePublisherOptions } from "./fake-publisher.ts";
export { type HttpHost, openHttpHost } from "./http-host.ts";
export { openReading } from "./reading.ts";
