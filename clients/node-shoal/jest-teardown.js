// globalTeardown of Jest, which runs in the process of its globalSetup. Fails the run if the server died in it.
"use strict";

module.exports = () => globalThis.__SHOAL_SERVER__.stop();
