import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "redis";
import { RedisServer } from "./redis-server.ts";

const PRIMARIES = 3;
const SLOTS = 16_384;

const SETTINGS = [
  ...["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf"],
  // Long, so that a busy machine gets no node declared dead: tests promote replicas by hand.
  ...["--cluster-node-timeout", "15000", "--cluster-require-full-coverage", "no"],
  // A replica becomes visible to clients with the first thing that its primary sends.
  ...["--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1"],
];

interface Node {
  readonly id: string;
  readonly server: RedisServer;
}

/** A Redis Cluster of six nodes: three primaries, each with one replica. */
export class RedisCluster {
  readonly #nodes: readonly Node[];

  private constructor(nodes: readonly Node[]) {
    this.#nodes = nodes;
  }

  static async start(): Promise<RedisCluster> {
    const servers = await prepare(2 * PRIMARIES);
    const nodes = servers.map((server) => ({ id: randomBytes(20).toString("hex"), server }));
    const cluster = new RedisCluster(nodes);
    try {
      // Each node knows the others from the start: CLUSTER MEET would take seconds.
      for (const node of nodes) writeFileSync(configOf(node), describe(nodes, node));
      await Promise.all(servers.map((server) => server.run()));
      await Promise.all(servers.map((server) => until(server, isWhole)));
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  get urls(): string[] {
    return this.#nodes.map(({ server }) => server.url);
  }

  /** The nodes that were primaries at the start. */
  get primaries(): RedisServer[] {
    return this.#nodes.slice(0, PRIMARIES).map(({ server }) => server);
  }

  /** The nodes that were replicas at the start, in the order of their primaries. */
  get replicas(): RedisServer[] {
    return this.#nodes.slice(PRIMARIES).map(({ server }) => server);
  }

  /** Ends a primary as a crash does, and promotes its replica. */
  async failOver(primary: RedisServer): Promise<void> {
    const replica = this.replicas[this.primaries.indexOf(primary)];
    if (replica === undefined) throw new Error("that is no primary of this cluster");
    await primary.kill();
    await ask(replica, ["CLUSTER", "FAILOVER", "TAKEOVER"]);
    await until(replica, async () => (await ask(replica, ["ROLE"])).includes("master"));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#nodes.map(({ server }) => server.stop()));
  }
}

async function prepare(count: number): Promise<RedisServer[]> {
  const servers: RedisServer[] = [];
  // One after the other: a port stays free until its server runs, so it may be offered twice.
  while (servers.length < count) {
    const server = await RedisServer.prepare(SETTINGS);
    if (servers.some(({ port }) => port === server.port)) await server.stop();
    else servers.push(server);
  }
  return servers;
}

function configOf({ server }: Node): string {
  return join(server.folder, "nodes.conf");
}

/** The `nodes.conf` of `self`: all nodes, with their roles and slots. */
function describe(nodes: readonly Node[], self: Node): string {
  const lines = nodes.map((node, index) => {
    const { host, port } = node.server;
    const primary = nodes[index - PRIMARIES];
    const flags = `${node === self ? "myself," : ""}${primary ? "slave" : "master"}`;
    const epoch = (index % PRIMARIES) + 1;
    const place = `${node.id} ${host}:${port}@${port + 10_000} ${flags} ${primary?.id ?? "-"}`;
    return `${place} 0 0 ${epoch} connected${primary ? "" : ` ${slots(index)}`}`;
  });
  return `${lines.join("\n")}\nvars currentEpoch ${PRIMARIES} lastVoteEpoch 0\n`;
}

function slots(index: number): string {
  const first = Math.ceil((index * SLOTS) / PRIMARIES);
  return `${first}-${Math.ceil(((index + 1) * SLOTS) / PRIMARIES) - 1}`;
}

/** Whether the node serves its slots, shows clients all nodes, and is in sync with its peer. */
async function isWhole(server: RedisServer): Promise<boolean> {
  const shown = (await ask(server, ["CLUSTER", "SLOTS"])).split(server.host).length - 1;
  if (shown < 2 * PRIMARIES) return false;
  const state = await ask(server, ["CLUSTER", "INFO"]);
  const replication = await ask(server, ["INFO", "replication"]);
  const linked = /role:master\r\nconnected_slaves:1|master_link_status:up/.test(replication);
  return state.includes("cluster_state:ok") && linked;
}

async function until(
  server: RedisServer,
  holds: (server: RedisServer) => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await holds(server))) {
    if (Date.now() > deadline) throw new Error(`${server.url} did not become ready`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function ask({ url }: RedisServer, command: string[]): Promise<string> {
  const client = createClient({ url });
  client.on("error", () => {});
  await client.connect();
  try {
    return String(await client.sendCommand(command));
  } finally {
    client.destroy();
  }
}
