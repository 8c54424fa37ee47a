"""pytest-shoal, as a team has it: the wheel, installed in an environment of its own, and suites of tests that use it there."""

import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
import tomllib
import zipfile

import pytest

from support.shoal_process import ROOT, Shoal, binary

SOURCE = ROOT / "clients/pytest-shoal"
PINNED = dict(line.split("==") for line in (ROOT / "tests/requirements.txt").read_text().split() if "==" in line)
TABLE = """TableName="Songs", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "Song", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Song", "AttributeType": "S"}]"""


@pytest.fixture(scope="module")
def wheel(build):
    return build("pytest-shoal")


@pytest.fixture(scope="module")
def environment(wheel):
    """The bin folder of a virtual environment into which the wheel has just been installed. What a team has besides is kept
    from run to run."""
    folder = ROOT / "build/clients/python"
    others = [f"pytest=={PINNED['pytest']}", "pytest-xdist==3.8.0", "pytest-randomly==4.0.1", "hatchling==1.33.0",
              f"boto3=={PINNED['boto3']}"]
    pip = [folder / "bin/python", "-m", "pip", "-q", "--disable-pip-version-check"]
    complete = folder / "complete"
    if not complete.exists() or complete.read_text() != f"{folder} {others}":
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, timeout=120)
        subprocess.run([*pip, "install", *others], check=True, timeout=300)
        complete.write_text(f"{folder} {others}")
    subprocess.run([*pip, "uninstall", "-y", "pytest-shoal"], check=True, timeout=60, stderr=subprocess.DEVNULL)
    subprocess.run([*pip, "install", f"{wheel}[boto3,pytest]"], check=True, timeout=300)
    subprocess.run([*pip, "check"], check=True, timeout=60)
    return folder / "bin"


@pytest.fixture
def run(environment, users, no_server_left, tmp_path):
    """run("-n2", ...) is pytest in the test's folder: its exit code and its output. No server outlives it."""

    def pytest_in_folder(*arguments, command=("-m", "pytest", "-p", "no:cacheprovider", "-p", "no:randomly"), **variables):
        ran = subprocess.run([environment / "python", *command, *arguments], cwd=tmp_path, env=users(**variables), text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=120)
        no_server_left(environment.parent, seconds=0.5)
        return ran.returncode, ran.stdout

    return pytest_in_folder


def outcome(output):
    return re.findall(r"(\d+) (passed|failed|errors?)", output.rstrip().rpartition("\n")[2])


def test_the_wheel_has_the_server_and_is_named_after_its_machine(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "shoal/bin/shoal" in names and "shoal/pytest_plugin.py" in names and "shoal/LICENSE" in names
    assert re.search(rf"-py3-none-manylinux_2_\d+_{os.uname().machine}\.whl$", wheel.name), wheel.name
    assert [name for name in names if name.startswith("shoal/bin/lib/libssl3.copyright")]


def test_the_server_brings_all_but_the_c_library(environment):
    [program] = environment.parent.glob("lib/*/site-packages/shoal/bin/shoal")
    needed = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    foreign = [line.split()[0] for line in needed.splitlines() if str(program.parent) not in line]
    assert set(foreign) <= {"/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "libc.so.6", "libm.so.6", "libpthread.so.0",
                            "libdl.so.2", "librt.so.1", "linux-vdso.so.1"}, needed


def test_the_version_is_the_servers():
    version = subprocess.run([binary(), "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    assert tomllib.loads((SOURCE / "pyproject.toml").read_text())["project"]["version"] == version


def make_wheel(environment, folder, users, program):
    made = subprocess.run([environment / "python", "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=SOURCE,
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
                          env=users(**({"SHOAL_BINARY": program} if program else {})))
    return made.returncode, made.stdout


@pytest.mark.parametrize("program, said", [(None, "the wheel holds the server: name its program in SHOAL_BINARY"),
                                           ("/nowhere/shoal", "SHOAL_BINARY is /nowhere/shoal, where there is no file"),
                                           (__file__, "is no 64-bit program for Linux")])
def test_without_a_server_there_is_no_wheel(environment, users, tmp_path, program, said):
    code, output = make_wheel(environment, tmp_path, users, program)
    assert code != 0 and said in output
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("linking, tag", [
    (["-static"], "manylinux2014_ARCH.manylinux_2_17_ARCH.musllinux_1_1_ARCH"),
    (["-static-libstdc++", "-static-libgcc", "-fuse-ld=bfd", "-Wl,-z,pack-relative-relocs"], "manylinux_2_36_ARCH"),
    ([], "linux_ARCH")], ids=["no library", "the C library", "others"])
def test_the_wheel_says_what_its_server_needs(environment, users, tmp_path, linking, tag):
    program = tmp_path / "shoal"
    subprocess.run(["g++", *linking, "-x", "c++", "-o", program, "-"], text=True, check=True, timeout=60,
                   input='#include <iostream>\nint main() { std::cout << "Shoal"; }')
    code, output = make_wheel(environment, tmp_path, users, program)
    assert code == 0, output
    [made] = tmp_path.glob("*.whl")
    assert made.name.partition("none-")[2] == f"{tag.replace('ARCH', os.uname().machine)}.whl"


@pytest.mark.parametrize("arguments", [[], ["-n2"], ["-p", "randomly"]], ids=["", "xdist", "random order and seed"])
def test_the_suite_of_the_document_passes(run, documented, tmp_path, arguments):
    assert documented("pytest", tmp_path) == ["music.py", "test_music.py", "pyproject.toml", "test_waiting.py"]
    code, output = run(*arguments)
    assert (code, outcome(output)) == (0, [("4", "passed")]), output


def test_the_document_for_counts_and_snapshots_passes(run, documented, tmp_path):
    assert documented("What a test can ask of the server", tmp_path) == ["test_cost.py"]
    code, output = run("-n2")
    assert (code, outcome(output)) == (0, [("3", "passed")]), output


def test_seeds(run, seeds, tmp_path):
    (tmp_path / "test_seeds.py").write_text(f"""
import pytest
import shoal as package

STAGE = {{"Stage": "test"}}


def test_a_folder(shoal, shoal_client):
    shoal.seed("{seeds}", parameters=STAGE)
    assert shoal_client.scan(TableName="songs-test")["Count"] == 2
    with pytest.raises(package.ShoalError, match="songs-test is there already"):
        shoal.seed("{seeds}", parameters=STAGE)
    shoal.seed("{seeds}", parameters=STAGE, into_existing=True)


def test_what_is_missing(shoal, shoal_client):
    with pytest.raises(package.ShoalError, match="parameter Stage has no default"):
        shoal.seed("{seeds}")
    assert shoal_client.list_tables()["TableNames"] == []
""")
    code, output = run("test_seeds.py")
    assert (code, outcome(output)) == (0, [("2", "passed")]), output


def test_the_document_for_unittest_passes(run, documented, tmp_path):
    [name] = documented("unittest", tmp_path)
    code, output = run(name, command=())
    assert code == 0 and "Ran 2 tests" in output, output


def test_the_readme_of_the_package_works(run, tmp_path):
    with_pytest, without = re.findall(r"(?ms)^```python\n(.*?)^```", (SOURCE / "README.md").read_text())
    (tmp_path / "test_readme.py").write_text(with_pytest)
    (tmp_path / "without.py").write_text(without)
    code, output = run()
    assert (code, outcome(output)) == (0, [("1", "passed")]), output
    assert run("without.py", command=()) == (0, "[]\n")


def test_a_users_failing_test_fails_and_shows_what_the_server_told(run, documented, tmp_path):
    documented("pytest", tmp_path)
    tests = tmp_path / "test_music.py"
    tests.write_text(tests.read_text().replace('== ["Reef", "Tide"]', '== ["Tide", "Reef"]'))
    (tmp_path / "test_log.py").write_text("""
def test_a_strange_key(shoal):
    shoal.client(aws_access_key_id="stranger").list_tables()
    assert False
""")
    code, output = run("-n2")
    assert code == 1 and outcome(output) == [("2", "failed"), ("3", "passed")], output
    assert "AssertionError: assert ['Reef', 'Tide'] == ['Tide', 'Reef']" in output
    assert "access key stranger is believed" in output.partition("Shoal's log")[2]


def test_tests_see_nothing_of_each_other(run, tmp_path):
    """All make the same table: one after another under one seed of `random`, in threads, and in workers on one given server."""
    (tmp_path / "test_isolation.py").write_text(f"""
import concurrent.futures
import pytest

def fill(world):
    table = world.resource().create_table({TABLE})
    assert table.scan()["Count"] == 0
    table.put_item(Item={{"Song": "Tide"}})
    assert table.scan()["Count"] == 1
    return world.access_key

@pytest.mark.parametrize("run", range(10))
def test_alone(shoal, shoal_client, run):
    fill(shoal)
    assert shoal_client.list_tables()["TableNames"] == ["Songs"]

def test_threads(shoal_server):
    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(fill, [shoal_server.isolated() for _ in range(32)]))) == 32

def test_the_shared_account_is_another(shoal, shoal_server):
    fill(shoal)
    assert shoal_server.client().list_tables()["TableNames"] == []
""")
    code, output = run("-p", "randomly")
    assert (code, outcome(output)) == (0, [("12", "passed")]), output
    with Shoal.start() as given:
        code, output = run("-n3", f"--shoal-url={given.url}")
        assert (code, outcome(output)) == (0, [("12", "passed")]), output


def test_what_a_developers_machine_says_of_aws_and_proxies_does_not_matter(run, documented, tmp_path):
    documented("pytest", tmp_path)
    code, output = run(AWS_PROFILE="absent", AWS_ACCESS_KEY_ID="AKIDREAL", AWS_SESSION_TOKEN="real", AWS_REGION="eu-west-1",
                       AWS_ENDPOINT_URL="http://127.0.0.1:1", HTTP_PROXY="http://127.0.0.1:1", http_proxy="http://127.0.0.1:1",
                       NO_PROXY="", SHOAL_PORT="1", SHOAL_BIND="nowhere")
    # What the program makes by itself asks the proxy of the environment, as it would in production.
    assert "Failed to connect to proxy" in output and outcome(output) == [("1", "failed"), ("3", "passed")], output
    code, output = run(AWS_PROFILE="absent", AWS_ACCESS_KEY_ID="AKIDREAL", AWS_SESSION_TOKEN="real", AWS_REGION="eu-west-1",
                       AWS_ENDPOINT_URL="http://127.0.0.1:1", SHOAL_PORT="1", SHOAL_BIND="nowhere")
    assert (code, outcome(output)) == (0, [("4", "passed")]), output


def test_the_environment_ends_with_its_test(run, tmp_path):
    (tmp_path / "test_environment.py").write_text("""
import os, subprocess, sys

def test_before():
    assert "boto3" not in sys.modules

def test_first(shoal_environ):
    import boto3
    assert boto3.client("dynamodb").list_tables()["TableNames"] == []
    assert boto3.DEFAULT_SESSION.get_credentials().access_key == shoal_environ.access_key
    program = "import boto3; print(boto3.client('dynamodb').list_tables()['TableNames'])"
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "[]\\n"

def test_second(shoal_environ):
    import boto3
    boto3.client("dynamodb")
    assert boto3.DEFAULT_SESSION.get_credentials().access_key == shoal_environ.access_key

def test_after():
    import boto3
    assert boto3.DEFAULT_SESSION is None
    assert not [name for name in os.environ if name.startswith("AWS_")]
""")
    code, output = run()
    assert (code, outcome(output)) == (0, [("4", "passed")]), output


def test_faults_end_with_their_test(run, tmp_path):
    (tmp_path / "test_faults.py").write_text("""
def test_first(shoal, shoal_client):
    shoal.server.set_faults({"fault": "throttle", "operation": "ListTables", "next": 1}, {"fault": "internal_error"})
    assert [rule["fault"] for rule in shoal.server.faults()] == ["throttle", "internal_error"]

def test_second(shoal, shoal_client):
    assert shoal.server.faults() == []
    shoal_client.list_tables()
    before = shoal.server.now()
    assert 3600 <= shoal.server.advance_clock(3600) - before < 3700
    assert shoal.server.health()["status"] == "ok"
""")
    code, output = run()
    assert (code, outcome(output)) == (0, [("2", "passed")]), output


def test_a_journal_is_of_one_account_and_reset_too(run, tmp_path):
    (tmp_path / "test_journal.py").write_text("""
import pytest
import shoal as package

def test_counts(shoal, shoal_server):
    other = shoal_server.isolated()
    with shoal.journal() as journal:
        shoal.client().list_tables()
        other.client().list_tables()
        with pytest.raises(Exception, match="ResourceNotFound"):
            shoal.client().scan(TableName="None")
    assert journal.operations == {"ListTables": 1, "Scan": 1}
    assert [request["status"] for request in journal.requests] == [200, 400]
    assert (journal.read_units, journal.write_units) == (0, 0)

def test_a_failure_inside_is_what_is_told(shoal):
    with pytest.raises(ZeroDivisionError):
        with shoal.journal():
            1 / 0
    with pytest.raises(package.ShoalError, match="there is no journal"):
        shoal.server.control("GET", "journal")

def test_too_short(shoal):
    with pytest.raises(package.ShoalError, match="2 requests are left out of the journal"):
        with shoal.journal(requests_max=1):
            for _ in range(3):
                shoal.client().list_tables()

def test_reset(shoal, shoal_server):
    other = shoal_server.isolated()
    for world in (shoal, other):
        world.client().create_table(TABLE)
    shoal.reset()
    assert [world.client().list_tables()["TableNames"] for world in (shoal, other)] == [[], ["Songs"]]
    shoal_server.reset()
    assert other.client().list_tables()["TableNames"] == []
""".replace("TABLE", TABLE, 1))
    code, output = run()
    assert (code, outcome(output)) == (0, [("4", "passed")]), output


def test_flags_reach_the_server(run, tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\nshoal_args = --table-delay-ms=60000 --log-level=trace\n")
    (tmp_path / "test_flags.py").write_text(f"""
import pytest

def status(client):
    client.create_table({TABLE})
    return client.describe_table(TableName="Songs")["Table"]["TableStatus"]

def test_of_the_configuration(shoal_client):
    assert status(shoal_client) == "CREATING"

@pytest.mark.shoal_server("--table-delay-ms=0")
def test_of_the_marker(shoal_client):
    assert status(shoal_client) == "ACTIVE"
""")
    assert outcome(run()[1]) == [("2", "passed")]
    assert outcome(run("--shoal-args=--table-delay-ms 0")[1]) == [("1", "failed"), ("1", "passed")]


@pytest.mark.parametrize("arguments, said", [
    (["--shoal-args=--tabel-delay-ms=1"], "ShoalError: shoal --in-memory --port=0 --bind=127.0.0.1 --tabel-delay-ms=1 did not "
                                          r"start \(exit 1\):\n.*--tabel-delay-ms"),
    (["--shoal-url=127.0.0.1:8000"], "ShoalError: a server's URL looks like http://127.0.0.1:8000, not like '127.0.0.1:8000'"),
    (["--shoal-url=http://127.0.0.1:1", "--shoal-args=-x"], "ShoalError: http://127.0.0.1:1 runs already: give it its flags")])
def test_what_is_wrong_is_said(run, tmp_path, arguments, said):
    (tmp_path / "test_one.py").write_text("def test_one(shoal_client): pass\n")
    code, output = run(*arguments)
    assert code == 1 and outcome(output) == [("1", "error")], output
    assert re.search(said, re.sub(r"(?m)^E +", "", output)), output


def test_what_is_missing_is_said(run, tmp_path):
    def fails(program, **variables):
        code, output = run("-c", f"import sys, shoal\n{program}", command=(), **variables)
        assert code == 1
        return output

    assert "pip install 'pytest-shoal[boto3]'" in fails("sys.modules['boto3'] = None; shoal.Remote('http://x').client()")
    assert "there is no server at /nowhere, which SHOAL_BINARY names" in fails("shoal.Server().start()", SHOAL_BINARY="/nowhere")
    assert "there is no server at /nowhere, which `binary` names" in fails("shoal.Server(binary='/nowhere').start()")
    assert "was answered 404: {" in fails("with shoal.Server() as server: server.control('GET', 'nothing')")
    assert "did not become healthy in 0.1 s" in fails("shoal.Remote('http://127.0.0.1:1').wait_until_healthy(0.1)")
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec sleep 60\n")
    silent.chmod(0o755)
    assert "was not ready after 0.2 s" in fails(f"shoal.Server(binary='{silent}', timeout=0.2).start()")


def test_a_server_that_dies_fails_the_run(run, environment, tmp_path):
    (tmp_path / "test_death.py").write_text(f"""
import os, pathlib, signal, time

def test_one(shoal_server):
    assert shoal_server.running()
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(process / "exe") == {str(environment.parent)!r} + "/lib/python3.{sys.version_info[1]}/site-packages/shoal/bin/shoal":
                os.kill(int(process.name), signal.SIGKILL)
        except OSError:
            pass
    end = time.monotonic() + 5
    while shoal_server.running() and time.monotonic() < end:
        time.sleep(0.01)
""")
    code, output = run()
    assert code == 1 and outcome(output) == [("1", "passed"), ("1", "error")], output
    assert "had ended before it was stopped (exit 137). Its log:" in output


@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_server_ends_with_its_tests(environment, users, running_servers, no_server_left, tmp_path, kill):
    (tmp_path / "test_long.py").write_text("""
import time

def test_long(shoal_client):
    shoal_client.list_tables()
    print("running", flush=True)
    time.sleep(60)
""")
    tests = subprocess.Popen([environment / "python", "-m", "pytest", "-p", "no:cacheprovider", "-s"], cwd=tmp_path, text=True,
                             env=users(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    assert any("running" in line for line in tests.stdout)
    assert len(running_servers(environment.parent)) == 1
    os.killpg(tests.pid, kill)
    output = tests.communicate(timeout=20)[0]
    assert "ShoalError" not in output
    assert tests.returncode == (2 if kill == signal.SIGINT else -kill), output
    no_server_left(environment.parent)


def test_a_process_that_forked_can_stop_its_server(run):
    code, output = run("-c", """
import os, shoal, time
with shoal.Server(timeout=5) as server:
    child = os.fork()
    if not child:
        time.sleep(30)
        os._exit(0)
    began = time.monotonic()
print(time.monotonic() - began < 3)
os.kill(child, 9)
""", command=())
    assert (code, output) == (0, "True\n")


def test_how_long_the_fixture_takes(run, note):
    code, output = run("-c", """
import shoal, time
starts, stops, clients = [], [], []
for _ in range(11):
    server = shoal.Server().start()
    starts.append(server.start_seconds)
    began = time.monotonic()
    server.isolated().client().list_tables()
    clients.append(time.monotonic() - began)
    began = time.monotonic()
    server.stop()
    stops.append(time.monotonic() - began)
print(*(f"{1000 * value:.1f}" for value in [*sorted(starts), *sorted(stops), clients[0], *sorted(clients[1:])]))
""", command=())
    assert code == 0, output
    figures = [float(word) for word in output.split()]
    starts, stops, first, clients = figures[:11], figures[11:22], figures[22], figures[23:]
    note(f"pytest-shoal: a server starts in {starts[5]} ms (at most {starts[-1]}), stops in {stops[5]} ms; "
         f"a world and its first answer take {statistics.median(clients):.1f} ms, the first of a session {first} ms (boto3)")
    assert starts[5] < 100
