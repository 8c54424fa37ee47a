// globalSetup of Vitest: one server for all test files, whose workers find it in SHOAL_URL.
import shoal from "./index.js";

export default async function setup() {
  const server = await shoal.startShoal();
  process.env.SHOAL_URL = server.url;
  return () => server.stop();
}
