import { describe, expect, it } from "vitest";
import { parseOperationName } from "./operation-name.ts";

describe("the name of an operation", () => {
  it("[S36] tells two nodes apart of which one's name begins with the other's", () => {
    expect(parseOperationName("clinic.1.0c9f2e:17")).toEqual({ node: "clinic.1", incarnation: "0c9f2e", counter: 17 });
    expect(parseOperationName("clinic.0c9f2e:17")?.node).toBe("clinic");
  });

  it.each(["", "clinic:1", "clinic.0c9f2e", "clinic.0c9f2e:-1", "clinic.0c9f2e:1:2", ".0c9f2e:1"])(
    "[S36] is none when it is %j",
    (text) => {
      expect(parseOperationName(text)).toBeUndefined();
    },
  );
});
