"use strict";

class ShoalError extends Error {
  name = "ShoalError";
}

module.exports = { ShoalError };
