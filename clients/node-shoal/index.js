// A DynamoDB of the tests' own: Shoal, started in memory on a free port, gone with the tests.
//
//   const server = await startShoal();
//   const client = new DynamoDBClient(server.isolated());   // an empty world, which nobody else sees
//   await server.stop();
"use strict";

const { ShoalError } = require("./error.js");
const { Shoal } = require("./remote.js");
const { ShoalServer, startShoal } = require("./server.js");

// The server that a set-up of Jest or Vitest started, or one that runs elsewhere.
function connectShoal(url = process.env.SHOAL_URL) {
  if (!url) throw new ShoalError("connectShoal() wants a server's URL, or SHOAL_URL, which the global set-up of the tests sets");
  return new Shoal(url);
}

module.exports = { startShoal, connectShoal, Shoal, ShoalServer, ShoalError };
