// A server of this process's own, which ends with it however it ends.
"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const { ShoalError } = require("./error.js");
const { programOf } = require("./program.js");
const { Shoal } = require("./remote.js");

// A shell stands between: it waits for a line or for the end of the pipe that only its starter holds, which comes even when
// that one was killed, and then stops the server. It has no part in the server's output, so that this ends with the server.
const KEEPER = '"$@" </dev/null & server=$!; exec >/dev/null; read -r _; kill "$server" 2>/dev/null; wait "$server"';

class ShoalServer extends Shoal {
  #keeper; #output; #log; #timeoutMs; #stopping;

  constructor(url, startMs, keeper, output, log, timeoutMs) {
    super(url);
    this.startMs = startMs;
    [this.#keeper, this.#output, this.#log, this.#timeoutMs] = [keeper, output, log, timeoutMs];
  }

  get running() {
    return !this.#stopping && !this.#output.ended;
  }

  log() {
    return this.#log.text();
  }

  stop() {
    return this.#stopping ??= this.#stop();
  }

  async #stop() {
    const died = this.#output.ended;
    const code = await end(this.#keeper, this.#timeoutMs);
    this.#log.close();
    if (!died && code === 0) return;
    const what = died ? "had ended before it was stopped" : "did not end well";
    throw new ShoalError(`the server at ${this.url} ${what} (exit ${code}). Its log:\n${this.log()}`);
  }
}

async function startShoal({ args = [], binary, env = {}, timeoutMs = 20000 } = {}) {
  const began = performance.now();
  const program = programOf(binary), flags = withDefaults(args);
  const log = new Log();
  const settings = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("SHOAL_")));
  // Of a session of its own ("detached"), so that a Ctrl-C ends the tests first and then their server.
  const keeper = spawn("/bin/sh", ["-c", KEEPER, "shoal", program, ...flags],
                       { stdio: ["pipe", "pipe", log.file], detached: true, env: { ...settings, ...env } });
  const output = { text: "", ended: false };
  keeper.stdin.on("error", () => {}); // The keeper has gone: its exit says so.
  let late = false;
  const guard = setTimeout(() => { late = true; kill(keeper); }, timeoutMs);
  try {
    const url = await readyUrl(keeper, output);
    // Who forgets to stop it is not held up: the pipe ends with this process.
    for (const handle of [keeper, keeper.stdin, keeper.stdout]) handle.unref();
    return new ShoalServer(url, performance.now() - began, keeper, output, log, timeoutMs);
  } catch (failure) {
    if (!(failure instanceof NotReady)) throw failure;
    const code = await end(keeper, timeoutMs);
    log.close();
    const reason = late ? `was not ready after ${timeoutMs} ms` : `did not start (exit ${code})`;
    throw new ShoalError(`shoal ${flags.join(" ")} ${reason}:\n${output.text}${log.text()}`);
  } finally {
    clearTimeout(guard);
  }
}

class NotReady extends Error {}

function readyUrl(keeper, output) {
  return new Promise((resolve, reject) => {
    keeper.on("error", reject); // There is no /bin/sh.
    keeper.stdout.setEncoding("utf8");
    keeper.stdout.on("data", (piece) => {
      output.text += piece;
      const ready = /is serving on (http:\/\/\S+)/.exec(output.text.slice(0, output.text.lastIndexOf("\n") + 1));
      if (ready) resolve(ready[1].replace(/\/\/(localhost|0\.0\.0\.0):/, "//127.0.0.1:"));
    });
    keeper.stdout.on("close", () => {
      output.ended = true;
      reject(new NotReady());
    });
  });
}

// The exit code of the server; of one that a signal ended, 128 and the signal.
function end(keeper, timeoutMs) {
  return new Promise((resolve) => {
    const ended = () => {
      clearTimeout(guard);
      resolve(keeper.exitCode ?? 137);
    };
    const guard = setTimeout(() => kill(keeper), timeoutMs);
    if (keeper.exitCode !== null || keeper.signalCode !== null) return ended();
    keeper.ref();
    keeper.once("exit", ended);
    keeper.stdin.end("\n");
  });
}

function kill(keeper) {
  try {
    process.kill(-keeper.pid, "SIGKILL"); // The whole session: the keeper and the server.
  } catch (failure) {
    if (failure.code !== "ESRCH") throw failure;
  }
}

// A file rather than a pipe, which would fill while the program computes, and hold up the server. It has no name any more.
class Log {
  #kept;

  constructor() {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "shoal-"));
    this.file = fs.openSync(path.join(folder, "log"), "w+");
    fs.rmSync(folder, { recursive: true });
  }

  text() {
    if (this.#kept !== undefined) return this.#kept;
    const buffer = Buffer.alloc(fs.fstatSync(this.file).size);
    return buffer.toString("utf8", 0, fs.readSync(this.file, buffer, 0, buffer.length, 0));
  }

  close() {
    this.#kept = this.text();
    fs.closeSync(this.file);
  }
}

function withDefaults(flags) {
  const said = (...names) => flags.some((flag) => names.includes(flag.split("=")[0]));
  return [...(said("--in-memory", "--data-dir", "--config") ? [] : ["--in-memory"]), ...(said("--port") ? [] : ["--port=0"]),
          ...(said("--bind") ? [] : ["--bind=127.0.0.1"]), ...flags];
}

module.exports = { ShoalServer, startShoal };
