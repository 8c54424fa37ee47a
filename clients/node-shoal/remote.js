// A server that runs somewhere: its accounts, and its control interface. index.d.ts says what each does.
"use strict";

const { spawn } = require("node:child_process");
const { randomInt } = require("node:crypto");
const http = require("node:http");

const { ShoalError } = require("./error.js");
const { programOf } = require("./program.js");

class Shoal {
  constructor(url) {
    if (!/^http:\/\/[^/]+\/?$/.test(url)) throw new ShoalError(`a server's URL looks like http://127.0.0.1:8000, not like ${url}`);
    this.url = url.replace(/\/$/, "");
    this.port = Number(new URL(url).port || 80);
  }

  // The account of everybody who has none of his own.
  get config() {
    return this.account("local");
  }

  isolated() {
    // Whichever process asks; 0 is the account of everybody without one.
    return this.account(String(randomInt(1, 10 ** 12)).padStart(12, "0"));
  }

  account(accessKeyId, secretAccessKey = "local") {
    return { endpoint: this.url, region: "us-east-1", credentials: { accessKeyId, secretAccessKey } };
  }

  environment(config = this.isolated()) {
    return {
      AWS_ENDPOINT_URL_DYNAMODB: config.endpoint, AWS_ENDPOINT_URL_DYNAMODB_STREAMS: config.endpoint,
      AWS_ACCESS_KEY_ID: config.credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: config.credentials.secretAccessKey,
      AWS_REGION: config.region, AWS_DEFAULT_REGION: config.region,
    };
  }

  async health() { return this.control("GET", "health"); }

  async waitUntilHealthy(timeoutMs = 30000) {
    for (const end = Date.now() + timeoutMs; ;) {
      try {
        await this.health();
        return;
      } catch (failure) {
        if (Date.now() > end) throw new ShoalError(`${this.url} did not become healthy in ${timeoutMs} ms: ${failure.message}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  async now() { return (await this.control("GET", "clock")).now; }
  async advanceClock(seconds) { return (await this.control("POST", "clock", { advance_seconds: seconds })).now; }

  async setFaults(...rules) { return (await this.control("POST", "faults", rules)).rules; }
  async faults() { return (await this.control("GET", "faults")).rules; }
  async clearFaults() { await this.control("DELETE", "faults"); }

  async reset(config) { await this.control("POST", "reset", config ? { account: config.credentials.accessKeyId } : {}); }

  seed(config, paths, { parameters = {}, intoExisting = false } = {}) {
    const words = [...Object.entries(parameters).flatMap(([name, value]) => ["--parameter", `${name}=${value}`]),
                   ...(intoExisting ? ["--into-existing"] : []), "--", ...[paths].flat()];
    const env = { ...process.env, AWS_ENDPOINT_URL: config.endpoint, AWS_SESSION_TOKEN: "", ...this.environment(config) };
    return new Promise((resolve, reject) => {
      const seeding = spawn(programOf(), ["seed", ...words], { env, stdio: ["ignore", "ignore", "pipe"] });
      let said = "";
      seeding.stderr.setEncoding("utf8").on("data", (piece) => { said += piece; });
      seeding.on("error", reject);
      seeding.on("close", (code) => (code === 0 ? resolve() : reject(new ShoalError(said.trim()))));
    });
  }

  async snapshot(name) { await this.control("POST", "snapshot", { name }); }
  async restore(name) { await this.control("POST", "restore", { name }); }

  async journal(config, run, { requestsMax = 10000 } = {}) {
    await this.control("POST", "journal", { requests_max: requestsMax });
    try {
      await run();
    } catch (failure) {
      await this.control("DELETE", "journal").catch(() => {}); // What went wrong first is what matters.
      throw failure;
    }
    const noted = await this.control("GET", "journal");
    await this.control("DELETE", "journal");
    if (noted.left_out) throw new ShoalError(`${noted.left_out} requests are left out of the journal: begin it with a larger requestsMax`);
    const requests = noted.requests.filter(({ account }) => account === config.credentials.accessKeyId);
    const operations = {};
    for (const { operation } of requests) operations[operation] = (operations[operation] ?? 0) + 1;
    const sum = (member) => requests.reduce((total, request) => total + request[member], 0);
    return { requests, operations, readUnits: sum("read_units"), writeUnits: sum("write_units") };
  }

  // Not by fetch, which Jest's jsdom environment does not have.
  control(method, path, body) {
    return new Promise((resolve, reject) => {
      const request = http.request(`${this.url}/_shoal/${path}`,
                                   { method, agent: false, timeout: 30000, headers: { "Content-Type": "application/json" } });
      request.on("timeout", () => request.destroy(new ShoalError(`${method} ${this.url}/_shoal/${path} had no answer in 30 s`)));
      request.on("error", reject);
      request.on("response", (reply) => {
        let text = "";
        reply.setEncoding("utf8");
        reply.on("data", (piece) => { text += piece; });
        reply.on("error", reject);
        reply.on("end", () => {
          if (reply.statusCode === 200) resolve(JSON.parse(text));
          else reject(new ShoalError(`${method} ${this.url}/_shoal/${path} was answered ${reply.statusCode}: ${text}`));
        });
      });
      request.end(method === "POST" ? JSON.stringify(body) : undefined);
    });
  }
}

module.exports = { Shoal };
