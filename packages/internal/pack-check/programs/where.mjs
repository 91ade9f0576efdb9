import process from "node:process";

// Prints the path of the binary that runs it, be it Node, Bun or Deno.
process.stdout.write(process.execPath);
