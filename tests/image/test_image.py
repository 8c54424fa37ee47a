"""The container image: its last stage is built here as it stands, from a root folder of the program under test, and run
by podman and runc. (The stage before, which compiles, needs a Debian image from outside.)
"""

import contextlib
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

import pytest
import yaml

from support.shoal_process import ROOT, Wire

HERE = pathlib.Path(__file__).parent
IMAGE = "localhost/shoal"
SIZE_MAX = 15_000_000
COMPOSE = yaml.safe_load((ROOT / "docker/compose.yaml").read_text())


def run(*words, **more):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=300, **more)


def done(*words, **more):
    ran = run(*words, **more)
    assert ran.returncode == 0, f"{' '.join(map(str, words))}: exit {ran.returncode}\n{ran.stdout}{ran.stderr}"
    return ran.stdout.strip()


class Engine:
    """podman and buildah with a store of their own."""

    def __init__(self, folder):
        runtime = folder / "runc"  # Podman knows by this name what it can do.
        runtime.symlink_to(HERE / "runc_without_limits.py")
        self.store = ["--root", folder / "store", "--runroot", folder / "run", "--storage-driver", "vfs"]
        self.podman_words = ["podman", *self.store, "--tmpdir", folder / "tmp", "--runtime", runtime,
                             "--cgroup-manager", "cgroupfs", "--events-backend", "none"]

    def build(self, root_folder):
        # Docker's own format of images: the other one has no HEALTHCHECK.
        done("buildah", *self.store, "bud", "--isolation", "chroot", "--format", "docker", "--build-context",
             f"build={root_folder}", "-t", IMAGE, "-f", "docker/Dockerfile", ".", cwd=ROOT)

    def podman(self, *words):
        return done(*self.podman_words, *words)

    def run_once(self, *words, options=()):
        """A container that ends by itself: what it printed, and its exit status."""
        ran = run(*self.podman_words, "run", "--rm", "--network=host", "--health-interval=disable", *options, IMAGE, *words)
        return ran.returncode, ran.stdout + ran.stderr


class Container(Wire):
    """A Shoal in a container, on a free port of this machine, which serves when the constructor returns."""

    def __init__(self, engine, *options, command=(), port_option=True):
        self.engine, port = engine, free_port()
        said = [f"--env=SHOAL_PORT={port}"] if port_option else []
        self.id = engine.podman("run", "--detach", "--network=host", "--read-only", "--read-only-tmpfs=false",
                                "--health-interval=disable", *said, *options, IMAGE,
                                *(word.format(port=port) for word in command)).splitlines()[-1]
        super().__init__("127.0.0.1", port)
        until = time.monotonic() + 20
        while "is serving on" not in self.log():
            assert time.monotonic() < until and self.state()["Running"], self.log()
            time.sleep(0.05)

    def log(self):
        ran = run(*self.engine.podman_words, "logs", self.id)
        return ran.stdout + ran.stderr

    def state(self):
        return json.loads(self.engine.podman("inspect", self.id))[0]["State"]

    def stop(self):
        self.close()
        self.engine.podman("stop", "--time=10", self.id)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
        self.engine.podman("rm", "--force", "--time=5", self.id)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    assert os.geteuid() == 0, "containers are run as root here: sudo scripts/test --only image"
    program = ROOT / "build/release/shoal_image"
    assert program.exists(), "build it first: scripts/build release shoal_image"
    folder = tmp_path_factory.mktemp("containers")
    done(ROOT / "docker/make-root", program, folder / "root")
    engine = Engine(folder)
    engine.build(folder / "root")
    yield engine
    engine.podman("rm", "--all", "--force", "--time=1")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def image(engine):
    return json.loads(engine.podman("image", "inspect", IMAGE))[0]


@pytest.fixture
def volume(tmp_path):
    folder = tmp_path / "volume"
    folder.mkdir()
    os.chown(folder, 65532, 65532)
    for above in folder.parents:  # Pytest keeps its folders to root.
        if above.stat().st_mode & 0o011 == 0:
            above.chmod(above.stat().st_mode | 0o011)
    return folder


def put_song(wire, table="Music"):
    wire.ok("CreateTable", {"TableName": table, "BillingMode": "PAY_PER_REQUEST",
                            "AttributeDefinitions": [{"AttributeName": "Song", "AttributeType": "S"}],
                            "KeySchema": [{"AttributeName": "Song", "KeyType": "HASH"}]})
    wire.ok("PutItem", {"TableName": table, "Item": {"Song": {"S": "Tide"}}})


def songs(wire):
    return wire.ok("Scan", {"TableName": "Music"})["Items"]


def test_the_image_is_small_and_its_user_is_nobody(image, note):
    note(f"image: {image['Size'] / 1e6:.2f} MB, of {SIZE_MAX / 1e6:.0f} MB")
    assert image["Size"] < SIZE_MAX
    assert image["User"] == "65532:65532"
    assert image["Config"]["Entrypoint"] == ["/usr/bin/shoal"]
    assert "Volumes" not in image["Config"]  # It would always be mounted, and the data never in memory.


def test_nothing_is_in_the_image_but_the_program_and_what_it_needs(engine):
    root = pathlib.Path(engine.podman("image", "mount", IMAGE))
    files = {str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir()}
    libraries = {file for file in files if re.fullmatch(r"lib(64)?/(lib[\w+-]+|ld-linux-[\w-]+)\.so\.[\d.]+", file)}
    assert files - libraries == {"usr/bin/shoal", "etc/passwd", "etc/group", "etc/nsswitch.conf",
                                 "etc/ssl/certs/ca-certificates.crt"}
    assert not [path for path in root.rglob("*") if path.stat().st_mode & 0o6000]  # Nothing runs as somebody else.
    assert (root / "data").stat().st_uid == 65532 and (root / "tmp").stat().st_mode & 0o1777 == 0o1777


def test_it_serves_from_memory_with_a_read_only_root_and_says_so(engine):
    with Container(engine) as shoal:
        put_song(shoal)
        assert songs(shoal) == [{"Song": {"S": "Tide"}}]
        assert "(in memory: the data goes with the process, for no volume is mounted at /data)" in shoal.log()
        pid = shoal.state()["Pid"]
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        assert re.search(r"^NSpid:.*\t1$", status, re.M), status  # Process 1 of its own.
        assert re.search(r"^Uid:\t65532\t65532\t65532\t65532$", status, re.M), status
        assert re.search(r"^CapEff:\t0+$", status, re.M), status


def test_it_listens_on_every_address(engine):
    with Container(engine) as shoal:
        families = [(socket.AF_INET, "127.0.0.2")] + ([(socket.AF_INET6, "::1")] if ipv6_loopback() else [])
        for family, address in families:
            with socket.socket(family) as client:
                client.connect((address, shoal.port))
        assert f"is serving on http://[::]:{shoal.port} " in shoal.log()


def ipv6_loopback():
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False


def test_data_is_kept_in_a_volume_and_it_says_so(engine, volume):
    with Container(engine, f"--volume={volume}:/data") as shoal:
        put_song(shoal)
        assert "(data in /data, durability sync)" in shoal.log()
        shoal.stop()
    with Container(engine, f"--volume={volume}:/data") as shoal:
        assert songs(shoal) == [{"Song": {"S": "Tide"}}]


def test_data_is_kept_in_a_new_named_volume(engine):
    with Container(engine, "--volume=music:/data") as shoal:
        put_song(shoal)
        shoal.stop()
    with Container(engine, "--volume=music:/data") as shoal:
        assert songs(shoal) == [{"Song": {"S": "Tide"}}]


def test_a_volume_that_it_may_not_write_is_refused_with_what_to_do(engine, volume):
    os.chown(volume, 0, 0)
    status, output = engine.run_once(options=["--read-only", f"--volume={volume}:/data"])
    assert status == 1
    assert "a volume is mounted at /data, but user 65532 cannot write there: give it to 65532 (chown)" in output


def test_the_health_check_is_the_programs_own_and_tells_a_server_from_none(engine, image):
    assert image["Healthcheck"]["Test"] == ["CMD", "/usr/bin/shoal", "health"]
    with Container(engine) as shoal:
        engine.podman("healthcheck", "run", shoal.id)
        port = f"--env=SHOAL_PORT={shoal.port}"
        assert engine.run_once("health", options=[port])[0] == 0
        shoal.stop()
        status, output = engine.run_once("health", options=[port])
        assert status == 1 and "Connection refused" in output


def test_sigterm_ends_process_1_in_order_and_at_once(engine, volume):
    with Container(engine, f"--volume={volume}:/data") as shoal:
        put_song(shoal)
        pid = shoal.state()["Pid"]
        began = time.monotonic()
        os.kill(pid, signal.SIGTERM)
        while os.path.exists(f"/proc/{pid}") and time.monotonic() - began < 5:
            time.sleep(0.01)
        assert time.monotonic() - began < 1
        assert shoal.engine.podman("wait", shoal.id) == "0"
        assert "stopping: requests in flight have 8000 ms" in shoal.log()


def test_dynamodb_locals_command_is_understood(engine):
    words = ["-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar", "-inMemory", "-sharedDb", "-port", "{port}"]
    with Container(engine, command=words, port_option=False) as shoal:
        put_song(shoal)
        assert "(in memory: the data goes with the process)" in shoal.log()


def test_dynamodb_locals_data_folder_beside_it(engine, volume):
    with Container(engine, f"--volume={volume}:/home/dynamodblocal/data", "--workdir=/home/dynamodblocal",
                   command=["-jar", "DynamoDBLocal.jar", "-sharedDb", "-dbPath", "./data"]) as shoal:
        put_song(shoal)
        assert "(data in ./data, durability sync)" in shoal.log()


def test_names_are_found_in_hosts_and_as_localhost(engine):
    """What is outside is called by name: the C library must find its way in an image that has nothing of a system."""
    with Container(engine) as shoal:
        for name in ("localhost", "shoal.test"):
            status, output = engine.run_once("health", f"--url=http://{name}:{shoal.port}",
                                             options=["--add-host=shoal.test:127.0.0.1"])
            assert status == 0, output
        status, output = engine.run_once("health", "--url=http://nobody.invalid:1")
        assert status == 1 and "nobody.invalid" in output


class Answers200(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def test_https_is_verified_with_the_images_certificates_or_those_of_ssl_cert_file(engine, volume):
    key, certificate = volume / "key.pem", volume / "certificate.pem"
    done("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate)
    certificate.chmod(0o644)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers200)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"--url=https://localhost:{server.server_address[1]}"
        status, output = engine.run_once("health", url)
        assert status == 1 and "certificate verify failed" in output
        status, output = engine.run_once("health", url, options=[f"--volume={certificate}:/own.pem:ro",
                                                                 "--env=SSL_CERT_FILE=/own.pem"])
        assert status == 0, output
    finally:
        server.shutdown()
        server.server_close()


class Emulator(http.server.BaseHTTPRequestHandler):
    """In place of AWS's image: runs the handler of docker/example/index_music.py."""

    def do_POST(self):
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.paths.append(self.path)
        ran = done(sys.executable, "-c", "import json, sys, index_music; index_music.handler(json.load(sys.stdin), None)",
                   cwd=ROOT / "docker/example", input=json.dumps(event))
        self.server.printed.append(ran)
        self.send_response(200)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"null")

    def log_message(self, *_):
        pass


def test_the_compose_example_calls_its_function_with_what_its_application_writes(engine, volume):
    """compose.yaml by hand: its environment, its files, its application; all on the one network of this machine."""
    service, application = COMPOSE["services"]["shoal"], COMPOSE["services"]["app"]
    assert service["read_only"] and service["healthcheck"]["test"] == ["CMD", "/usr/bin/shoal", "health"]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Emulator)
    server.paths, server.printed = [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    options = [f"--env={name}={value.replace(':8080/', f':{server.server_address[1]}/')}"
               for name, value in service["environment"].items()]
    for mount in service["volumes"]:
        source, _, rest = mount.partition(":")
        where = volume if source in COMPOSE["volumes"] else ROOT / "docker" / source
        options.append(f"--volume={where}:{rest}")
    try:
        with Container(engine, *options, "--add-host=index-music:127.0.0.1") as shoal:
            assert application["environment"]["AWS_ENDPOINT_URL_DYNAMODB"] == "http://shoal:8000"
            environment = {**os.environ, **application["environment"], "AWS_CONFIG_FILE": os.devnull,
                           "AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{shoal.port}"}
            for _ in range(2):  # A second start finds the table.
                assert "'S': 'Tide'" in done(sys.executable, ROOT / "docker/example/app.py", env=environment)
            until = time.monotonic() + 20
            while not server.printed:
                assert time.monotonic() < until, shoal.log()
                time.sleep(0.05)
        assert server.printed[0] == "INSERT Acme: Tide"
        assert set(server.paths) == {"/2015-03-31/functions/function/invocations"}
    finally:
        server.shutdown()
        server.server_close()


def test_every_file_of_the_compose_example_exists():
    for service in COMPOSE["services"].values():
        for mount in service.get("volumes", []):
            source = mount.partition(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / "docker" / source).is_file(), source
