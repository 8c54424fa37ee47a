// Puts the server that $SHOAL_BINARY names into the package: bin/linux-x64/shoal. Several, with colons between, make a
// package for several architectures.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const MACHINES = { 62: "x64", 183: "arm64" }; // e_machine of ELF, and process.arch

function architecture(binary) {
  const header = fs.readFileSync(binary).subarray(0, 20);
  if (!header.subarray(0, 6).equals(Buffer.from("\x7fELF\x02\x01", "latin1"))) throw new Error(`${binary} is no 64-bit program for Linux`);
  const machine = header.readUInt16LE(18);
  if (!MACHINES[machine]) throw new Error(`${binary} is for a machine (ELF number ${machine}) that Node.js has no name for here`);
  return MACHINES[machine];
}

try {
  const named = process.env.SHOAL_BINARY;
  if (!named) throw new Error("the package holds the server: name its program in SHOAL_BINARY (scripts/clients does)");
  const bin = path.join(__dirname, "bin");
  fs.rmSync(bin, { recursive: true, force: true });
  for (const binary of named.split(":")) {
    if (!fs.existsSync(binary)) throw new Error(`SHOAL_BINARY names ${binary}, where there is no file`);
    const program = path.join(bin, `linux-${architecture(binary)}`, "shoal");
    fs.mkdirSync(path.dirname(program), { recursive: true });
    fs.copyFileSync(binary, program);
    fs.chmodSync(program, 0o755);
  }
  fs.copyFileSync(path.join(__dirname, "../../LICENSE"), path.join(__dirname, "LICENSE"));
} catch (failure) {
  console.error(`shoal-local: ${failure.message}`);
  process.exit(1);
}
