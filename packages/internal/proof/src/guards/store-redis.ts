import { type Guard, guardsOf } from "./guard.ts";

const STORE = "packages/store-redis/test";
const SUITE = `${STORE}/conformance`;

export const redisGuards: readonly Guard[] = [
  ...guardsOf(
    "packages/store-redis/src/steps.ts",
    [SUITE],
    [
      [
        "A stale save overwrites a newer one.",
        `\${CHECK}\nredis.call('SET', KEYS[k], ARGV[a + 2]`,
        "redis.call('SET', KEYS[k], ARGV[a + 2]",
      ],
      [
        "A stale save with an owner overwrites a newer one.",
        `\${CHECK}\nif live == '' and`,
        `\${READ_FORM}\nif live == '' and`,
      ],
      [
        "A first save with an owner takes the place of a live session.",
        `if live == '' and head ~= '' then return \${REFUSED} end`,
        "",
      ],
      [
        "A touch prolongs what leads to a new id.",
        `\${CHECK}\nif head == '' then return`,
        `\${READ_FORM}\nif head == '' then return`,
      ],
      [
        "A delete with a revision removes a newer one.",
        `\${CHECK}\nreturn redis.call('DEL', KEYS[k])`,
        "return redis.call('DEL', KEYS[k])",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-redis/src/writes.ts",
    [SUITE],
    [["A first save takes the place of a live session.", '"PXAT", last, "NX"]', '"PXAT", last]']],
  ),
  ...guardsOf(
    "packages/store-redis/src/steps.ts",
    [`${STORE}/batches`],
    [
      [
        "Among others, a first save takes the place of a live session.",
        "'PXAT', last, 'NX') and",
        "'PXAT', last) and",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-redis/src/scripts.ts",
    [`${STORE}/batch-faults`],
    [
      [
        "What one session holds fails the writes of others.",
        "local isDone, answer = pcall(step[1], k, a)",
        "local isDone, answer = true, step[1](k, a)",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-redis/src/batcher.ts",
    [`${STORE}/batch-faults`],
    [
      [
        "Behind a proxy before many servers nothing can be saved at once.",
        "if (liesApart(error)) {",
        "if (liesApart(error) && this.#isSharded) {",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-redis/src/steps.ts",
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
