const { writeFile } = require("node:fs/promises");
const { SessionManager } = require("@sess/core");
const { LevelStore } = require("@sess/store-level");

async function main([location, ticket]) {
  const sessions = new SessionManager({ store: await LevelStore.open(location) });

  const session = sessions.create();
  session.set("alias", "GoTamer");
  await session.save();
  await sessions.close();

  await writeFile(ticket, session.id);
  console.log(`saved ${session.handle}`);
}

main(process.argv.slice(2));
