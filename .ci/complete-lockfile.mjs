// Adds binaries for other platforms that npm left out of the lockfile. `npm run lock` runs this.
//
// Tools have an optional dependency for each platform, with an exact version. If the registry lacks one,
// `npm install` silently leaves it out, and `npm ci` then refuses the lockfile. Everything needed is
// known without the registry: the version is in the tool's own entry, the platform in the package's name.
import { readFileSync, writeFileSync } from "node:fs";

const path = new URL("../package-lock.json", import.meta.url);
const lockfile = JSON.parse(readFileSync(path, "utf8"));
const packages = new Map(Object.entries(lockfile.packages));

const SYSTEMS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd"];
const PLATFORM = new RegExp(
  `\\b(${SYSTEMS.join("|")}|openharmony|sunos|win32)-(arm64|arm|ia32|loong64|ppc64|riscv64|s390x|x64)(?:-(\\w+))?$`,
);

for (const [parent, { dev, optionalDependencies = {} }] of [...packages]) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const [, os, cpu, abi] = PLATFORM.exec(name) ?? [];
    if (os === undefined || found(parent, name) === version) continue;
    const place = packages.has(`node_modules/${name}`) ? `${parent}/` : "";
    packages.set(`${place}node_modules/${name}`, {
      version,
      cpu: [cpu],
      ...(dev && { dev }),
      ...(os === "linux" && libcOf(abi)),
      optional: true,
      os: [os],
    });
    process.stdout.write(`${name}@${version}\n`);
  }
}

const sorted = [...packages].sort(([a], [b]) => a.localeCompare(b, "en"));
lockfile.packages = Object.fromEntries(sorted);
writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`);

/** The version that `name` resolves to from `parent`, by Node's rules. */
function found(parent, name) {
  const at = packages.get(`${parent}${parent && "/"}node_modules/${name}`);
  if (at !== undefined || parent === "") return at?.version;
  return found(parent.slice(0, Math.max(0, parent.lastIndexOf("/node_modules/"))), name);
}

function libcOf(abi = "") {
  if (abi.startsWith("musl")) return { libc: ["musl"] };
  return abi.startsWith("gnu") ? { libc: ["glibc"] } : {};
}
