import { spawnSync } from "node:child_process";

/** Whom servers of PostgreSQL's family run as: they refuse to be root. */
export function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ["-u", "-g"].map((which) =>
    Number(spawnSync("id", [which, "postgres"], { encoding: "utf8" }).stdout),
  );
  return uid && gid ? { uid, gid } : {};
}
