const { readFile } = require("node:fs/promises");
const { SessionManager } = require("@sess/core");
const { LevelStore } = require("@sess/store-level");

async function main([location, ticket]) {
  const sessions = new SessionManager({ store: await LevelStore.open(location) });

  const session = await sessions.load(await readFile(ticket, "utf8"));
  console.log(`loaded ${session.handle}: alias is ${session.get("alias")}`);

  await sessions.close();
}

main(process.argv.slice(2));
