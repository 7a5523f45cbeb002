import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { anEventDraft, moveAllQueuedEvents, readWholeLog, setUpEvents } from "../../testing/index.ts";
import { EventBus, type ListenerMoment } from "./event-bus.ts";
import { eventType } from "./event-type.ts";

interface Moved {
  readonly bed: string;
}
interface MovedByNight extends Moved {
  readonly lamp: string;
}
const moved = eventType<Moved>("bed.moved");
const movedByNight = eventType<MovedByNight, Moved>("bed.moved-by-night", moved);
const moments: readonly ListenerMoment[] = ["within-transaction", "after-commit", "after-rollback"];

const createBeds = sql("create table beds (name text)");
const addBed = sql("insert into beds (name) values ($1)");
const readBeds = sql("select name from beds order by name");

describeOnEachDatabase("the event bus", (open) => {
  it("[E3] a listener hears its own type and all narrower ones", async () => {
    await using database = await open();
    const bus = new EventBus();
    const heard: string[] = [];
    bus.on(moved, "within-transaction", ({ bed }) => void heard.push(`moved ${bed}`));
    bus.on(movedByNight, "within-transaction", ({ bed, lamp }) => void heard.push(`by night ${bed} ${lamp}`));

    await database.transaction(async (tx) => {
      await bus.publish(tx, moved, { bed: "1" });
      await bus.publish(tx, movedByNight, { bed: "2", lamp: "oil" });
    });

    expect(heard).toEqual(["moved 1", "by night 2 oil", "moved 2"]);
  });

  it("[E4] an event that nobody listens to is not even made", async () => {
    await using database = await open();
    const bus = new EventBus();
    const subscription = bus.on(moved, "after-commit", () => {});
    subscription[Symbol.dispose]();
    subscription[Symbol.dispose]();

    await database.transaction((tx) =>
      bus.publish(tx, movedByNight, () => {
        throw new Error("made for nobody");
      }),
    );

    expect(bus.hasListeners(movedByNight)).toBe(false);
  });

  it("[E4] a listener to a broader type alone is a listener", async () => {
    await using database = await open();
    const bus = new EventBus();
    const heard: Moved[] = [];
    bus.on(moved, "within-transaction", (event) => void heard.push(event));

    await database.transaction((tx) => bus.publish(tx, movedByNight, () => ({ bed: "3", lamp: "gas" })));

    expect(bus.hasListeners(movedByNight)).toBe(true);
    expect(heard).toEqual([{ bed: "3", lamp: "gas" }]);
  });

  it("[E5] a throw within the transaction rolls the business change back", async () => {
    await using database = await open();
    await database.transaction((tx) => tx.run(createBeds));
    const bus = new EventBus();
    bus.on(moved, "within-transaction", async () => Promise.reject(new Error("the ward is closed")));

    const change = database.transaction(async (tx) => {
      await tx.run(addBed, ["a"]);
      await bus.publish(tx, moved, { bed: "a" });
    });

    await expect(change).rejects.toThrow("the ward is closed");
    expect(await database.all(readBeds)).toEqual([]);
  });

  it("[E5] a publisher that swallows the throw cannot commit all the same", async () => {
    await using database = await open();
    await database.transaction((tx) => tx.run(createBeds));
    const bus = new EventBus();
    const heard: string[] = [];
    bus.on(moved, "within-transaction", () => {
      throw new Error("the ward is closed");
    });
    bus.on(moved, "within-transaction", () => void heard.push("told after the veto"));
    bus.on(moved, "after-commit", () => void heard.push("told of a commit"));

    const change = database.transaction(async (tx) => {
      await tx.run(addBed, ["a"]);
      await bus.publish(tx, moved, { bed: "a" }).catch(() => {});
    });

    await expect(change).rejects.toThrow("the ward is closed");
    expect(await database.all(readBeds)).toEqual([]);
    expect(heard).toEqual([]);
  });

  it("[E5] what a listener within the transaction writes shares the publisher's fate", async () => {
    await using database = await open();
    await database.transaction((tx) => tx.run(createBeds));
    const bus = new EventBus();
    bus.on(moved, "within-transaction", async ({ bed }, tx) => void (await tx.run(addBed, [bed])));

    await database.transaction((tx) => bus.publish(tx, moved, { bed: "kept" }));
    await database
      .transaction(async (tx) => {
        await bus.publish(tx, moved, { bed: "lost" });
        throw new Error("no");
      })
      .catch(() => {});

    expect(await database.all(readBeds)).toEqual([{ name: "kept" }]);
  });

  it("[E6] listeners after the commit see it durable, and their errors change nothing", async () => {
    await using database = await open();
    await database.transaction((tx) => tx.run(createBeds));
    const bus = new EventBus();
    const seen = Promise.withResolvers<unknown>();
    bus.on(moved, "after-commit", () => {
      throw new Error("the printer is out of paper");
    });
    bus.on(moved, "after-commit", async () => seen.resolve(await database.all(readBeds)));

    await database.transaction(async (tx) => {
      await tx.run(addBed, ["a"]);
      await bus.publish(tx, moved, { bed: "a" });
    });

    expect(await seen.promise).toEqual([{ name: "a" }]);
  });

  it("[E7] listeners after a rollback are told of a transaction's, a savepoint's and a veto's, and others are not", async () => {
    await using database = await open();
    const bus = new EventBus();
    const heard: string[] = [];
    for (const moment of moments) bus.on(moved, moment, ({ bed }) => void heard.push(`${bed} ${moment}`));
    bus.on(movedByNight, "within-transaction", () => {
      throw new Error("veto");
    });

    await database.transaction(async (tx) => {
      await bus.publish(tx, moved, { bed: "outer" });
      await tx
        .savepoint(async (inner) => {
          await bus.publish(inner, moved, { bed: "inner" });
          throw new Error("inner fails");
        })
        .catch(() => {});
    });
    const vetoed = database.transaction((tx) => bus.publish(tx, movedByNight, { bed: "vetoed", lamp: "none" }));
    await expect(vetoed).rejects.toThrow("veto");

    expect(heard).toEqual([
      "outer within-transaction",
      "inner within-transaction",
      "inner after-rollback",
      "outer after-commit",
      "vetoed after-rollback",
    ]);
  });

  it.for(moments)("[E8] publishing on a transaction that has ended is an error (a listener %s)", async (moment) => {
    await using database = await open();
    const bus = new EventBus();
    const heard: Moved[] = [];
    bus.on(moved, moment, (event) => void heard.push(event));

    const ended = await database.transaction(async (tx) => tx);

    await expect(bus.publish(ended, moved, { bed: "a" })).rejects.toMatchObject({ code: "OUTSIDE_TRANSACTION" });
    expect(heard).toEqual([]);
  });

  it("[E1] an outbox that listens records what its description makes of an event, or nothing", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);
    const bus = new EventBus();
    bus.on(
      moved,
      "within-transaction",
      outbox.listener(({ bed }) => (bed === "secret" ? undefined : anEventDraft({ title: `Bed ${bed}` }))),
    );

    await database.transaction(async (tx) => {
      await bus.publish(tx, moved, { bed: "7" });
      await bus.publish(tx, moved, { bed: "secret" });
    });
    await moveAllQueuedEvents(database);

    expect((await readWholeLog(database)).map(({ title }) => title)).toEqual(["Bed 7"]);
  });
});
