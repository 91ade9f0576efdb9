import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach } from "@jest/globals";
import { runAsRoot } from "./as-root.ts";
import { compiled } from "./compiled.ts";
import { scratch } from "./scratch.ts";

const mounted = new Set<Disk>();

afterEach(() => {
  for (const disk of mounted) disk.remove();
});

/** An ext4 file system in a file, whose power can be cut. Goes away with its test. */
export class Disk {
  readonly path: string;
  readonly #image: string;
  readonly #cutter: string;

  constructor() {
    const base = scratch();
    this.path = join(base, "disk");
    this.#image = join(base, "image");
    this.#cutter = compiled("cut-power.c");
    mkdirSync(this.path);
    writeFileSync(this.#image, "");
    truncateSync(this.#image, 256 * 1024 * 1024);
    const owner = `root_owner=${process.getuid?.()}:${process.getgid?.()}`;
    runAsRoot("mkfs.ext4", "-q", "-F", "-E", owner, this.#image);
    this.mount();
  }

  mount(): void {
    runAsRoot("mount", "-o", "loop", this.#image, this.path);
    mounted.add(this);
  }

  unmount(): void {
    mounted.delete(this);
    runAsRoot("umount", this.path);
  }

  /** Also where somebody still has files open on it. */
  remove(): void {
    mounted.delete(this);
    runAsRoot("umount", "--lazy", this.path);
  }

  /** Whoever has files open on it gets errors from now on. */
  cutPower(): void {
    runAsRoot(this.#cutter, this.path);
  }
}
