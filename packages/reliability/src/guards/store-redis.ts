import { type Guard, guardsOf } from "./guard.ts";

const STORE = "packages/store-redis/test";
const SUITE = `${STORE}/conformance`;

export const redisGuards: readonly Guard[] = [
  ...guardsOf(
    "packages/store-redis/src/scripts.ts",
    [SUITE],
    [
      [
        "A stale save overwrites a newer one.",
        "if string.sub(head, at, at + #ARGV[1] - 1) ~= ARGV[1] or (ARGV[1] == '')",
        "if (ARGV[1] == '')",
      ],
      [
        "A first save takes the place of a live session.",
        " or (ARGV[1] == '') ~= (head == '') then",
        " then",
      ],
      [
        "A touch prolongs what leads to a new id.",
        "if head == '' or string.sub(head, at, at + #ARGV[3] - 1) ~= ARGV[3] then",
        "if head == '' then",
      ],
      [
        "A delete with a revision removes a newer one.",
        "if string.sub(head, at, at + #ARGV[1] - 1) ~= ARGV[1] then return",
        "if head == '' then return",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-redis/src/scripts.ts",
    [`${STORE}/cluster`],
    [
      [
        "A refused save shortens the time for which the owner's index names a session.",
        "redis.call('ZADD', index, 'GT', till, handle)",
        "redis.call('ZADD', index, till, handle)",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-redis/src/writer.ts",
    [`${STORE}/owner-index`, SUITE],
    [
      [
        "A touched session outlives its place in the owner's list.",
        "await this.#name(handle, owner, until);\n      const named",
        "const named",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-redis/src/writer.ts",
    [`${STORE}/revisions`, `${STORE}/owner-index`],
    [["Revision 1 passes for 36.", "encodeRevision(revision)} `;", "encodeRevision(revision)}`;"]],
  ),
  ...guardsOf(
    "packages/store-redis/src/writer.ts",
    [`${STORE}/cluster`],
    [
      [
        "In a cluster a session lives before its owner's list has it.",
        "await this.#name(handle, owner, until);\n    return",
        "void this.#name(handle, owner, until);\n    return",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-redis/src/listing.ts",
    [`${STORE}/owner-index`, SUITE],
    [
      [
        "A session that changed its owner is still listed under the old one.",
        "if (listed[1].owner === owner) yield listed;",
        "yield listed;",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-redis/src/keyspace.ts",
    [`${STORE}/owner-index`],
    [
      [
        "A prefix with a bracket in it hides its sessions.",
        `this.#prefix.replace(/[\\\\*?[\\]^-]/g, "\\\\$&")`,
        "this.#prefix",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-redis/src/record-text.ts",
    [`${STORE}/corruption`],
    [
      [
        "Another session's record passes for this one's.",
        "crc32(body, crc32(handle))",
        "crc32(body, crc32(handle.slice(0, 0)))",
      ],
    ],
  ),
  ...guardsOf("packages/store-redis/src/loads.ts", [`${STORE}/corruption`], []),
  ...guardsOf(
    "packages/store-redis/src/redis-store.ts",
    [`${STORE}/corruption`, SUITE],
    [["A closed store goes on.", "if (!this.#closed) return;", "return;"]],
  ),
  ...guardsOf(
    "packages/store-redis/src/connection.ts",
    [`${STORE}/faults`],
    [
      [
        "After a restart of the server nothing can be saved.",
        "if (!isForgotten(error)) throw error;",
        "throw error;",
      ],
    ],
  ),
];
