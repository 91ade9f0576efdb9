// What a test run does: it uses another process, and ends without a word to it.
import { anotherProcess } from "@sess/core/conformance";
import { ReferenceStore } from "@sess/test-support/reference-store";

const [, , module = "", signal] = process.argv;
const handle = `~${"a".repeat(43)}`;

async function run() {
  const store = await anotherProcess({ module, address: () => "" })(new ReferenceStore());
  await store.load(handle);
  process.stdout.write("used\n");
  if (signal !== undefined) process.kill(process.pid, signal);
}

void run();
