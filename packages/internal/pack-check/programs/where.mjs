import process from "node:process";

// Which binary runs this, be it Node's, Bun's or Deno's.
process.stdout.write(process.execPath);
