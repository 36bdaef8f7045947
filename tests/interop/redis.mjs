/** A Redis server of a test's own, which can be killed; Debian's package is installed where it is missing. */

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

const PROGRAM = "redis-server";
/** As the example asks for it. */
const DURABLE = { appendonly: "yes", appendfsync: "always" };

export class RedisServer {
  #folder = mkdtempSync(join(tmpdir(), "digime-redis-"));
  #settings;
  #process;

  /** One that is running until the end of `t`. */
  static async running(t, settings = DURABLE) {
    if (spawnSync(PROGRAM, ["--version"]).error) install();
    const server = new RedisServer(settings, await freePort());
    t.after(() => server.end());
    await server.start();
    return server;
  }

  constructor(settings, port) {
    this.port = port;
    this.#settings = {
      ...settings,
      port,
      bind: "127.0.0.1",
      dir: this.#folder,
      save: "",
      "maxmemory-policy": "noeviction",
    };
  }

  get url() {
    return `redis://127.0.0.1:${this.port}`;
  }

  start = async () => {
    const settings = Object.entries(this.#settings).flatMap(([name, value]) => [`--${name}`, `${value}`]);
    this.#process = spawn(PROGRAM, settings, { stdio: "ignore" });
    // While it reads what it has written, it answers with an error.
    while (!(await answers(this.port))) await setTimeout(5);
  };

  kill = async () => {
    this.#process.kill("SIGKILL");
    await once(this.#process, "exit");
  };

  async end() {
    await this.kill();
    rmSync(this.#folder, { recursive: true });
  }
}

function install() {
  const folder = join(import.meta.dirname, "..");
  execFileSync("python3", ["-c", `from debian import install; install("${PROGRAM}")`], {
    cwd: folder,
    stdio: "inherit",
  });
}

async function answers(port) {
  const socket = connect(port, "127.0.0.1");
  try {
    socket.write("PING\r\n");
    const [answer] = await once(socket, "data");
    return `${answer}`.startsWith("+PONG");
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}
