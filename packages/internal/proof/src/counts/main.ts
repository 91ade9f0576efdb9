// Puts what long runs counted into docs/reliability.md, from files with what they said, the latest last:
// `npm run test:long | tee long.txt`, then `npm run counts -w @sess/proof long.txt`.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { writeCounts } from "./table.ts";

// npm runs this in the package's folder.
const from = process.env["INIT_CWD"] ?? ".";
const said = process.argv.slice(2).map((path) => readFileSync(resolve(from, path), "utf8"));
const page = join(import.meta.dirname, "../../../../../docs/reliability.md");
process.stdout.write(`${writeCounts(page, said.join("\n"))} counts\n`);
