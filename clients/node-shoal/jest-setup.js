// globalSetup of Jest: one server for all test files, whose workers find it in SHOAL_URL.
"use strict";

const { startShoal } = require("./index.js");

module.exports = async () => {
  globalThis.__SHOAL_SERVER__ = await startShoal();
  process.env.SHOAL_URL = globalThis.__SHOAL_SERVER__.url;
};
