import { once } from "node:events";
import { createServer } from "node:http";
import { accessTimes } from "./measuring/access-times.ts";
import type { Answer, Job, Outcome, Subject } from "./measuring/job.ts";
import { Prepared } from "./measuring/prepared.ts";
import { spacePerSession } from "./measuring/space.ts";
import { sweepStall } from "./measuring/sweep-stall.ts";

// The program of a worker process: carries out the jobs that its parent sends, one after another, with one contender.

let prepared: Prepared | undefined;

async function carryOut(job: Job): Promise<Outcome> {
  switch (job.kind) {
    case "usage": {
      const { user, system } = process.cpuUsage();
      return { usage: user + system };
    }
    case "heap":
    case "disk":
      prepared = await Prepared.open(job);
      return { measured: await spacePerSession(job.kind, job.sessions, prepared) };
    case "accesses":
      return { measured: await accessTimes(await filled(job), job) };
    case "sweep":
      return { measured: await sweepStall(job.sessions, await filled(job)) };
    case "server":
      return { server: await startServer(await filled(job)) };
    case "proof":
      await (await filled(job)).close();
      prepared = undefined;
      return {};
  }
}

/** The contender with its sessions, which stay for further rounds. */
async function filled(subject: Subject): Promise<Prepared> {
  if (prepared === undefined) {
    prepared = await Prepared.open(subject);
    await prepared.fill();
  }
  return prepared;
}

async function startServer({ accesses, tokens }: Prepared) {
  if (accesses.answer === undefined) throw new Error("This contender answers no requests.");
  const server = createServer(accesses.answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
  const cookies = Array.from({ length: tokens.count }, (_, index) => tokens.at(index));
  return { port: address.port, cookies };
}

function send(answer: Answer): void {
  process.send?.(answer);
}

process.on("message", (job: Job) => {
  carryOut(job).then(
    (outcome) => send({ outcome }),
    (error: unknown) => send({ error: error instanceof Error ? error.message : String(error) }),
  );
});

process.once("disconnect", async () => {
  await prepared?.close();
  process.exit();
});
