/** Servers on the loopback address: one that does to each connection what a case of `tests/conformance/transports.json` says, whatever HTTP says. */

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Starts a server, which `t`, the test, ends; its address, and the targets of what it was asked. */
export async function serving(t, steps) {
  const asked = [];
  const sockets = new Set();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    play(socket, steps, asked).catch(() => socket.destroy());
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  return { baseUrl: await listening(t, server), asked };
}

/** Starts a server, which `t`, the test, ends; its address, as one of plain HTTP. */
export async function listening(t, server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}/`;
}

/** A key, and a certificate for this machine that is its own authority. */
export function secret(t) {
  const folder = mkdtempSync(join(tmpdir(), "digime-sdk-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const wanted = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1";
  const own = ["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key, "-out", cert];
  execFileSync("openssl", [...wanted.split(" "), ...own], { stdio: "ignore" });
  return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
}

async function play(socket, steps, asked) {
  const reading = new Reading(socket);
  for (const step of steps) {
    if (step.read === "request") await reading.request(asked);
    else if (step.read === "head") await reading.head(asked);
    else if (step.read) await reading.bytes(step.read, asked);
    else if (step.pause) await new Promise((resolve) => setTimeout(resolve, step.pause));
    else if (step.reset) return void socket.resetAndDestroy();
    else if (step.hold) return void (await reading.rest());
    else if (step.end) return void socket.end();
    else if (step.half) socket.end();
    else socket.write(step.sendBase64 ? Buffer.from(step.sendBase64, "base64") : step.send);
  }
}

/** What comes over a connection. */
class Reading {
  #chunks;
  #read = Buffer.alloc(0);

  constructor(socket) {
    this.#chunks = socket[Symbol.asyncIterator]();
  }

  /** The head alone: what has come of the body is kept. */
  async head(asked) {
    let end = this.#read.indexOf("\r\n\r\n");
    for (; end < 0; end = this.#read.indexOf("\r\n\r\n")) await this.#more();
    const head = this.#read.subarray(0, end).toString("latin1").toLowerCase();
    this.#read = this.#read.subarray(end + 4);
    asked.push(head.split(" ")[1]);
    return head;
  }

  /** The head, and so many bytes more. */
  async bytes(count, asked) {
    await this.head(asked);
    while (this.#read.length < count) await this.#more();
  }

  /** The whole request; one that breaks off is none. */
  async request(asked) {
    const head = await this.head(asked);
    const length = Number(/^content-length: (\d+)/m.exec(head)?.[1] ?? 0);
    const isChunked = /^transfer-encoding: chunked/m.test(head);
    const isThere = () =>
      isChunked ? this.#read.subarray(-5).equals(Buffer.from("0\r\n\r\n")) : this.#read.length >= length;
    while (!isThere()) await this.#more();
  }

  /** Whatever else comes, until the other side has gone. */
  async rest() {
    while (!(await this.#chunks.next()).done);
  }

  async #more() {
    const { done, value } = await this.#chunks.next();
    if (done) throw new Error("the request breaks off");
    this.#read = Buffer.concat([this.#read, value]);
  }
}
