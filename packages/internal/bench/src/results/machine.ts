import { cpus, release, totalmem, type } from "node:os";
import manifest from "../../package.json";

/** What the figures are measured on, and with which versions. */
export function thisMachine() {
  const all = cpus();
  return {
    processor: all[0]?.model.trim() ?? "unknown",
    cores: all.length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release()}`,
    node: process.version,
    packages: manifest.dependencies,
  };
}
