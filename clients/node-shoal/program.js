// Where the program is.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const { ShoalError } = require("./error.js");

function programOf(given) {
  const named = given ?? process.env.SHOAL_BINARY;
  if (named) {
    if (fs.existsSync(named)) return named;
    throw new ShoalError(`there is no server at ${named}, which ${given ? "`binary`" : "SHOAL_BINARY"} names`);
  }
  const program = path.join(__dirname, "bin", `${process.platform}-${process.arch}`, "shoal");
  if (fs.existsSync(program)) return program;
  const bin = path.join(__dirname, "bin");
  const there = fs.existsSync(bin) ? fs.readdirSync(bin).join(", ") : "no machine";
  throw new ShoalError(`this package has a server for ${there}, not for ${process.platform}-${process.arch}: ` +
                       "name a server's program in SHOAL_BINARY");
}

module.exports = { programOf };
