import { SessionError, type SessionRecord } from "@sess/core";
import { serveStore } from "@sess/core/conformance";
import { ReferenceStore } from "@sess/test-support/reference-store";

const records = new Map<string, SessionRecord>();

serveStore((address) => {
  if (address === "refused") throw new SessionError("STORE_LOCKED", "It is locked.");
  return new ReferenceStore({ records, maxBytes: 100, now: () => Date.now() });
});
