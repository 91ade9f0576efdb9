import { describe, expect, test } from "@jest/globals";
import { NodeIncoming } from "../../src/request/incoming.ts";
import { isForeign } from "../../src/request/origin-check.ts";

const POST = { host: "shop.example" };

function foreign(headers: Record<string, string>, method = "POST"): boolean {
  return isForeign(new NodeIncoming(method, headers), new Set(["https://pay.example"]));
}

describe("a request is foreign", () => {
  test.each([
    ["that changes something for another site", { ...POST, "sec-fetch-site": "cross-site" }],
    ["of a sibling host", { ...POST, "sec-fetch-site": "same-site" }],
    ["with an unknown kind of site", { ...POST, "sec-fetch-site": "x" }],
    ["of another origin", { ...POST, origin: "https://evil.example" }],
    ["of another port", { ...POST, origin: "https://shop.example:8443" }],
    ["of an origin that only begins so", { ...POST, origin: "https://shop.example.evil.example" }],
    ["of an opaque origin", { ...POST, origin: "null" }],
    ["of an origin that is none", { ...POST, origin: "shop.example" }],
    [
      "of ours, by its own claim alone",
      { ...POST, "sec-fetch-site": "cross-site", origin: "https://shop.example" },
    ],
  ])("%s", (_, headers) => {
    expect(foreign(headers)).toBe(true);
  });

  test("that upgrades the connection, though it is a GET", () => {
    const headers = { ...POST, upgrade: "websocket", origin: "https://evil.example" };
    expect(foreign(headers, "GET")).toBe(true);
  });
});

describe("a request is ours", () => {
  test.each([
    [
      "from our own pages, whose origin may be hidden",
      { ...POST, "sec-fetch-site": "same-origin", origin: "null" },
    ],
    ["from the address bar", { ...POST, "sec-fetch-site": "none" }],
    ["from a program", { ...POST }],
    [
      "from a trusted origin",
      { ...POST, "sec-fetch-site": "cross-site", origin: "https://pay.example" },
    ],
    ["from our own origin", { ...POST, origin: "https://shop.example" }],
    ["with the default port in Host", { host: "shop.example:443", origin: "https://shop.example" }],
    ["with other letters in Host", { host: "Shop.Example", origin: "https://shop.example" }],
    [
      "behind proxies",
      { host: "10.0.0.1", "x-forwarded-host": "a, shop.example", origin: "https://shop.example" },
    ],
    ["under HTTP/2", { ":authority": "shop.example", origin: "https://shop.example" }],
  ])("%s", (_, headers) => {
    expect(foreign(headers)).toBe(false);
  });

  test.each(["GET", "HEAD", "OPTIONS", "TRACE"])("that is a %s", (method) => {
    expect(foreign({ ...POST, "sec-fetch-site": "cross-site" }, method)).toBe(false);
  });
});
