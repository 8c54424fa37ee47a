"""Puts the server that $SHOAL_BINARY names into the wheel, and names the wheel after the machines that it runs on."""

import itertools
import os
import pathlib
import re
import struct

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MACHINES = {62: "x86_64", 183: "aarch64"}  # e_machine
LOADED, DYNAMIC, INTERPRETER = 1, 2, 3  # Types of program headers: PT_LOAD, ...
NEEDED, STRING_TABLE = 1, 5  # Tags of the dynamic section: DT_NEEDED, ...
OF_GLIBC = {"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libgcc_s.so.1",
            "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}


class ServerInWheel(BuildHookInterface):
    def initialize(self, version, build_data):
        if version == "editable":  # A checkout, whose users name a server with SHOAL_BINARY when they run.
            return
        binary = os.environ.get("SHOAL_BINARY")
        if not binary:
            raise SystemExit("the wheel holds the server: name its program in SHOAL_BINARY (scripts/clients does)")
        if not os.path.isfile(binary):
            raise SystemExit(f"SHOAL_BINARY is {binary}, where there is no file")
        build_data["tag"] = f"py3-none-{platform(pathlib.Path(binary).read_bytes(), binary)}"
        build_data["pure_python"] = False
        build_data["force_include"][binary] = "shoal/bin/shoal"
        build_data["force_include"][os.path.join(self.root, "../../LICENSE")] = "shoal/LICENSE"


def platform(program: bytes, name: str) -> str:
    """The wheel's platform tag: what its server needs of a machine."""
    if program[:6] != b"\x7fELF\x02\x01":
        raise SystemExit(f"{name} is no 64-bit program for Linux")
    machine, = struct.unpack_from("<H", program, 18)
    if machine not in MACHINES:
        raise SystemExit(f"{name} is for a machine (ELF number {machine}) that pytest-shoal knows no wheel's name for")
    arch = MACHINES[machine]
    needed = libraries(program)
    if needed is None:
        return f"manylinux2014_{arch}.manylinux_2_17_{arch}.musllinux_1_1_{arch}"
    if needed <= OF_GLIBC:
        versions = [int(minor) for minor in re.findall(rb"\0GLIBC_2\.(\d+)(?=[.\0])", program)]
        if b"\0GLIBC_ABI_DT_RELR\0" in program:
            versions.append(36)
        return f"manylinux_2_{max([17, *versions])}_{arch}"
    return f"linux_{arch}"  # Only for machines that have what this one has, and so nothing for a package index.


def libraries(program: bytes):
    """The names of the libraries that the program asks its loader for; None if it asks for no loader."""
    headers_at, = struct.unpack_from("<Q", program, 32)
    header_bytes, count = struct.unpack_from("<HH", program, 54)
    # Of each program header: type, flags, place in the file, address, address, size in the file.
    headers = [struct.unpack_from("<IIQQQQ", program, headers_at + i * header_bytes) for i in range(count)]
    if INTERPRETER not in [header[0] for header in headers]:
        return None
    dynamic = next(header for header in headers if header[0] == DYNAMIC)
    entries = list(struct.iter_unpack("<qQ", program[dynamic[2]:dynamic[2] + dynamic[5]]))
    address = next(value for tag, value in entries if tag == STRING_TABLE)
    names_at = next(at + address - start for kind, _, at, start, _, size in headers
                    if kind == LOADED and start <= address < start + size)
    return {program[names_at + value:program.index(b"\0", names_at + value)].decode()
            for tag, value in itertools.takewhile(lambda entry: entry[0] != 0, entries) if tag == NEEDED}
