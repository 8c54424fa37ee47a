"""shoal-local, as a team has it: the npm package, installed in a folder of its own, and suites of tests that use it there."""

import json
import os
import re
import shutil
import signal
import subprocess
import tarfile

import pytest

from support.shoal_process import ROOT, Shoal, binary

SOURCE = ROOT / "clients/node-shoal"
TOOLS = ROOT / "tests/clients/javascript/package.json"


@pytest.fixture(scope="module")
def tarball(build):
    return build("shoal-local")


@pytest.fixture(scope="module")
def project(tarball):
    """A folder into which the package has just been installed. What a team has besides is in the folder above, from run to run."""
    tools, folder = ROOT / "build/clients/javascript", ROOT / "build/clients/javascript/project"
    npm = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    complete = tools / "complete"
    if not complete.exists() or complete.read_text() != TOOLS.read_text():
        shutil.rmtree(tools, ignore_errors=True)
        tools.mkdir(parents=True)
        shutil.copy(TOOLS, tools)
        subprocess.run(npm, cwd=tools, check=True, timeout=600)
        complete.write_text(TOOLS.read_text())
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "package.json").write_text('{"private": true}')
    subprocess.run([*npm, tarball], cwd=folder, check=True, timeout=600)
    return folder


@pytest.fixture
def run(project, users, no_server_left):
    """run("jest", ...) in a folder of the project: its exit code and its output. No server outlives it."""

    def command(*words, folder=project, **variables):
        path = f"{project.parent / 'node_modules/.bin'}:{os.environ['PATH']}"
        ran = subprocess.run(words, cwd=folder, env=users(NODE_NO_WARNINGS=1, PATH=path, **variables), text=True, timeout=120,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        no_server_left(project, seconds=0.5)
        return ran.returncode, re.sub(r"\x1b\[[0-9;]*m", "", ran.stdout)

    return command


SUITES = {
    "Jest": ("jest",),
    "Vitest": ("vitest", "run"),
    "node:test": ("node", "--test", "--test-reporter=tap"),
}


def passed_and_failed(suite, output):
    if suite == "node:test":
        return tuple(int(re.search(rf"(?m)^# {word} (\d+)", output)[1]) for word in ("pass", "fail"))
    line = re.search(r"(?m)^ *Tests:? +(.*)$", output)[1]
    return tuple(int((re.search(rf"(\d+) {word}", line) or [0, 0])[1]) for word in ("passed", "failed"))


def test_the_package_has_the_server_and_needs_no_other(tarball):
    names = tarfile.open(tarball).getnames()
    arch = {"x86_64": "x64", "aarch64": "arm64"}[os.uname().machine]
    assert f"package/bin/linux-{arch}/shoal" in names and f"package/bin/linux-{arch}/lib/libssl.so.3" in names
    assert "package/LICENSE" in names and "package/index.d.ts" in names
    assert "package/prepack.js" not in names
    assert "dependencies" not in json.loads((SOURCE / "package.json").read_text())


def test_the_version_is_the_servers():
    version = subprocess.run([binary(), "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    assert json.loads((SOURCE / "package.json").read_text())["version"] == version


@pytest.mark.parametrize("program, said", [("", "the package holds the server: name its program in SHOAL_BINARY"),
                                           ("/nowhere/shoal", "SHOAL_BINARY names /nowhere/shoal, where there is no file"),
                                           (__file__, "is no 64-bit program for Linux")])
def test_without_a_server_there_is_no_package(users, tmp_path, program, said):
    folder = tmp_path / "clients/node-shoal"
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("bin"))
    made = subprocess.run(["npm", "pack", "--pack-destination", tmp_path], cwd=folder, env=users(SHOAL_BINARY=program), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    assert made.returncode != 0 and said in made.stdout
    assert not list(tmp_path.glob("*.tgz"))


@pytest.mark.parametrize("suite, tests", [("Jest", 2), ("Vitest", 2), ("node:test", 2)])
def test_the_suite_of_the_document_passes_and_a_failing_test_fails(run, documented, project, suite, tests):
    folder = project / suite.replace(":", "-")
    names = documented(suite, folder)
    code, output = run(*SUITES[suite], folder=folder)
    assert (code, passed_and_failed(suite, output)) == (0, (tests, 0)), output

    [name] = [name for name in names if ".test." in name]
    text = (folder / name).read_text()
    (folder / name).write_text(re.sub(r'(toEqual\(\[|found\.Item, ){ Song: "Tide" }', r'\1{ Song: "Ebb" }', text))
    assert (folder / name).read_text() != text
    code, output = run(*SUITES[suite], folder=folder)
    assert code == 1 and passed_and_failed(suite, output) == (tests - 1, 1) and "Ebb" in output, output


def test_the_set_up_of_ones_own_works_with_jest(run, documented, project):
    folder = project / "own"
    documented("Jest", folder)
    (folder / "jest.config.js").write_text(
        'module.exports = { globalSetup: "./shoal-setup.js", globalTeardown: "./shoal-teardown.js" };\n')
    code, output = run("jest", folder=folder)
    assert (code, passed_and_failed("Jest", output)) == (0, (2, 0)), output


def test_the_types_are_right(run, documented, project):
    folder = project / "types"
    documented("Vitest", folder)
    (folder / "wrong.mts").write_text("""
import { startShoal, connectShoal } from "shoal-local";
export const port: number = connectShoal("http://x").port;
export const text: number = connectShoal("http://x").url;
await startShoal({ arguments: [] });
await (await startShoal()).stop();
await connectShoal().stop();
""")
    code, output = run("tsc", "--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext",
                       "--types", "node", "music.test.ts", "wrong.mts", folder=folder)
    assert code != 0
    assert re.findall(r"(?m)^(\S+)\((\d+),\d+\): error (TS\d+)", output) == [
        ("wrong.mts", "4", "TS2322"), ("wrong.mts", "5", "TS2353"), ("wrong.mts", "7", "TS2339")], output


ISOLATION = """
const { CreateTableCommand, DynamoDBClient, PutItemCommand, ScanCommand } = require("@aws-sdk/client-dynamodb");
const { connectShoal } = require("shoal-local");

async function fill() {
  const client = new DynamoDBClient(connectShoal().isolated());
  await client.send(new CreateTableCommand({ TableName: "Songs", BillingMode: "PAY_PER_REQUEST",
    KeySchema: [{ AttributeName: "Song", KeyType: "HASH" }], AttributeDefinitions: [{ AttributeName: "Song", AttributeType: "S" }] }));
  expect((await client.send(new ScanCommand({ TableName: "Songs" }))).Count).toBe(0);
  await client.send(new PutItemCommand({ TableName: "Songs", Item: { Song: { S: "Tide" } } }));
  expect((await client.send(new ScanCommand({ TableName: "Songs" }))).Count).toBe(1);
  client.destroy();
}

test.each([...Array(10).keys()])("world %i", fill);
test("many at once", () => Promise.all(Array.from({ length: 20 }, fill)));
"""


def test_tests_see_nothing_of_each_other(run, documented, project):
    """Files in workers at once, on a server that was started elsewhere."""
    folder = project / "isolation"
    documented("Jest", folder)
    for i in range(3):
        (folder / f"isolation{i}.test.js").write_text(ISOLATION)
    (folder / "jest.config.js").write_text("module.exports = {};\n")
    with Shoal.start() as given:
        code, output = run("jest", "--maxWorkers=3", folder=folder, SHOAL_URL=given.url)
    assert (code, passed_and_failed("Jest", output)) == (0, (33 + 2, 0)), output


def script(run, text, **variables):
    """Of a program that is given startShoal, connectShoal and assert."""
    return run("node", "-e", f"""
const assert = require("node:assert/strict");
const {{ startShoal, connectShoal }} = require("shoal-local");
(async () => {{ {text} }})().catch((failure) => {{ console.error(failure); process.exit(1); }});
""", **variables)


def test_the_clock_faults_and_flags(run):
    code, output = script(run, """
      const server = await startShoal({ args: ["--table-delay-ms=60000"] });
      const before = await server.now();
      assert((await server.advanceClock(3600)) - before >= 3600);
      await server.setFaults({ fault: "throttle", next: 2 }, { fault: "internal_error" });
      assert.deepEqual((await server.faults()).map((rule) => [rule.fault, rule.struck]), [["throttle", 0], ["internal_error", 0]]);
      await server.clearFaults();
      assert.deepEqual(await server.faults(), []);
      assert.equal((await server.health()).status, "ok");
      Object.assign(process.env, server.environment());
      const { CreateTableCommand, DynamoDBClient } = require("@aws-sdk/client-dynamodb");
      const table = await new DynamoDBClient().send(new CreateTableCommand({ TableName: "Songs", BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "Song", KeyType: "HASH" }], AttributeDefinitions: [{ AttributeName: "Song", AttributeType: "S" }] }));
      assert.equal(table.TableDescription.TableStatus, "CREATING");
      assert.equal(table.TableDescription.TableArn.split(":")[4], process.env.AWS_ACCESS_KEY_ID);
      await assert.rejects(server.control("GET", "nothing"), /was answered 404: {/);
      assert.equal(server.running, true);
      await Promise.all([server.stop(), server.stop()]);
      assert.equal(server.running, false);
      assert.match(server.log(), /stopping/);
    """, SHOAL_PORT="1")
    assert code == 0, output


def test_the_journal_snapshots_and_reset(run):
    code, output = script(run, """
      const { CreateTableCommand, DynamoDBClient, ListTablesCommand, ScanCommand } = require("@aws-sdk/client-dynamodb");
      const server = await startShoal(), configs = [server.isolated(), server.isolated()];
      const [mine, other] = configs.map((config) => new DynamoDBClient(config));
      const tables = async () => Promise.all([mine, other].map(async (client) => (await client.send(new ListTablesCommand())).TableNames));
      for (const client of [mine, other]) {
        await client.send(new CreateTableCommand({ TableName: "Songs", BillingMode: "PAY_PER_REQUEST",
          KeySchema: [{ AttributeName: "Song", KeyType: "HASH" }], AttributeDefinitions: [{ AttributeName: "Song", AttributeType: "S" }] }));
      }
      const journal = await server.journal(configs[0], async () => {
        await mine.send(new ScanCommand({ TableName: "Songs" }));
        await other.send(new ListTablesCommand());
      });
      assert.deepEqual([journal.operations, journal.readUnits, journal.writeUnits], [{ Scan: 1 }, 0.5, 0]);
      assert.deepEqual(journal.requests.map(({ operation, tables }) => [operation, tables]), [["Scan", ["Songs"]]]);
      await assert.rejects(server.journal(configs[0], async () => { throw new Error("first"); }), /first/);
      await assert.rejects(server.control("GET", "journal"), /there is no journal/);
      await assert.rejects(server.journal(configs[0], tables, { requestsMax: 1 }), /1 requests are left out of the journal/);
      await server.snapshot("seeded");
      await server.reset(configs[0]);
      assert.deepEqual(await tables(), [[], ["Songs"]]);
      await server.reset();
      assert.deepEqual(await tables(), [[], []]);
      await server.restore("seeded");
      assert.deepEqual(await tables(), [["Songs"], ["Songs"]]);
      await assert.rejects(server.restore("none"), /there is no snapshot 'none'/);
      await server.stop();
    """)
    assert code == 0, output


def test_seeds(run, seeds):
    code, output = script(run, f"""
      const {{ DynamoDBClient, ScanCommand }} = require("@aws-sdk/client-dynamodb");
      const server = await startShoal(), config = server.isolated();
      const count = async () => (await new DynamoDBClient(config).send(new ScanCommand({{ TableName: "songs-test" }}))).Count;
      await assert.rejects(server.seed(config, "{seeds}"), /parameter Stage has no default/);
      await server.seed(config, "{seeds}", {{ parameters: {{ Stage: "test" }} }});
      assert.equal(await count(), 2);
      await assert.rejects(server.seed(config, ["{seeds}"], {{ parameters: {{ Stage: "test" }} }}), /songs-test is there already/);
      await server.seed(config, "{seeds}", {{ parameters: {{ Stage: "test" }}, intoExisting: true }});
      assert.equal(await count(), 2);
      await server.stop();
    """)
    assert code == 0, output


def test_what_is_wrong_is_said(run, tmp_path):
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec sleep 60\n")
    silent.chmod(0o755)
    code, output = script(run, """
      await assert.rejects(startShoal({ args: ["--nope"] }),
                           /shoal --in-memory --port=0 --bind=127.0.0.1 --nope did not start \\(exit \\d+\\):[^]*--nope/);
      await assert.rejects(startShoal({ binary: "/nowhere" }), /there is no server at \\/nowhere, which `binary` names/);
      await assert.rejects(startShoal({ binary: process.env.SILENT, timeoutMs: 200 }), /was not ready after 200 ms/);
      assert.throws(() => connectShoal("127.0.0.1:8000"), /a server's URL looks like http:\\/\\/127.0.0.1:8000/);
      assert.throws(() => connectShoal(), /connectShoal\\(\\) wants a server's URL, or SHOAL_URL/);
      await assert.rejects(connectShoal("http://127.0.0.1:1").waitUntilHealthy(100), /did not become healthy in 100 ms/);
      process.env.SHOAL_BINARY = "/nowhere";
      await assert.rejects(startShoal(), /which SHOAL_BINARY names/);
    """, SILENT=silent)
    assert code == 0, output


def test_a_forgotten_server_holds_nothing_up_and_ends(run):
    code, output = script(run, 'await startShoal(); console.log("started");')
    assert (code, output) == (0, "started\n")


def test_a_server_that_dies_fails_its_stop(project, run):
    code, output = script(run, """
      const fs = require("node:fs");
      const server = await startShoal();
      for (const pid of fs.readdirSync("/proc").filter((name) => /^\\d+$/.test(name))) {
        try {
          if (fs.readlinkSync(`/proc/${pid}/exe`).startsWith(process.cwd() + "/node_modules/shoal-local/")) process.kill(pid, "SIGKILL");
        } catch (failure) { if (!["ENOENT", "EACCES", "ESRCH"].includes(failure.code)) throw failure; }
      }
      for (let i = 0; i < 500 && server.running; ++i) await new Promise((resolve) => setTimeout(resolve, 10));
      await assert.rejects(server.stop(), /had ended before it was stopped \\(exit 137\\). Its log:/);
    """)
    assert code == 0, output


@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_server_ends_with_its_tests(project, users, running_servers, no_server_left, kill):
    tests = subprocess.Popen(["node", "-e", """
      require("shoal-local").startShoal().then(() => { console.log("running"); setTimeout(() => {}, 60000); });
    """], cwd=project, env=users(), text=True, stdout=subprocess.PIPE, start_new_session=True)
    assert tests.stdout.readline() == "running\n"
    assert len(running_servers(project)) == 1
    os.killpg(tests.pid, kill)
    assert tests.wait(20) == -kill
    no_server_left(project)


def test_how_long_a_start_takes(run, note):
    code, output = script(run, """
      const starts = [], stops = [];
      for (let i = 0; i < 11; ++i) {
        const server = await startShoal();
        starts.push(server.startMs);
        const began = performance.now();
        await server.stop();
        stops.push(performance.now() - began);
      }
      for (const times of [starts, stops]) console.log(...times.sort((a, b) => a - b).map((time) => time.toFixed(1)));
    """)
    assert code == 0, output
    starts, stops = ([float(word) for word in line.split()] for line in output.splitlines())
    note(f"shoal-local: a server starts in {starts[5]} ms (at most {starts[-1]}), stops in {stops[5]} ms")
    assert starts[5] < 100
