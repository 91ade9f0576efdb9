import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "redis";
import { RedisServer } from "./redis-server.ts";

const PRIMARIES = 3;
const SLOTS = 16_384;

const SETTINGS = [
  ...["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf"],
  // Long, so that no node is taken for dead on a machine that is busy: tests promote by hand.
  ...["--cluster-node-timeout", "15000", "--cluster-require-full-coverage", "no"],
  // A replica is shown to clients once it has been told something.
  ...["--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1"],
];

interface Node {
  readonly id: string;
  readonly server: RedisServer;
}

/** A Redis Cluster of six nodes that was started here: three primaries, each with one replica. */
export class RedisCluster {
  readonly #nodes: readonly Node[];

  private constructor(nodes: readonly Node[]) {
    this.#nodes = nodes;
  }

  static async start(): Promise<RedisCluster> {
    const servers = await prepared(2 * PRIMARIES);
    const nodes = servers.map((server) => ({ id: randomBytes(20).toString("hex"), server }));
    const cluster = new RedisCluster(nodes);
    try {
      // Each is told from the start who the others are: introducing them takes seconds.
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

  /** The nodes that were replicas at the start, each in the place of its primary. */
  get replicas(): RedisServer[] {
    return this.#nodes.slice(PRIMARIES).map(({ server }) => server);
  }

  /** Ends a primary as a crash would, and puts its replica in its place. */
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

async function prepared(count: number): Promise<RedisServer[]> {
  const servers: RedisServer[] = [];
  // One after the other, since a port is free until its server runs.
  while (servers.length < count) {
    const server = await RedisServer.prepare(SETTINGS);
    if (servers.every(({ port }) => port !== server.port)) servers.push(server);
  }
  return servers;
}

function configOf({ server }: Node): string {
  return join(server.folder, "nodes.conf");
}

/** The file in which `self` finds who its neighbours are. */
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

/** It serves its slots and shows clients all nodes; a replica, once it has what its primary has. */
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
