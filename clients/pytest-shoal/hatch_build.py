"""Puts the server that $SHOAL_BINARY names into the wheel, and names the wheel after the machines that it runs on."""

import os
import pathlib
import struct

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MACHINES = {62: "x86_64", 183: "aarch64"}  # e_machine
INTERPRETER = 3  # PT_INTERP: the program asks for a loader, and so for the libraries of the machine it was built on.


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
    """The wheel's platform tag. Only what needs no library runs on every Linux of its architecture."""
    if program[:6] != b"\x7fELF\x02\x01":
        raise SystemExit(f"{name} is no 64-bit program for Linux")
    machine, = struct.unpack_from("<H", program, 18)
    if machine not in MACHINES:
        raise SystemExit(f"{name} is for a machine (ELF number {machine}) that pytest-shoal knows no wheel's name for")
    headers_at, = struct.unpack_from("<Q", program, 32)
    header_bytes, headers = struct.unpack_from("<HH", program, 54)
    types = [struct.unpack_from("<I", program, headers_at + i * header_bytes)[0] for i in range(headers)]
    if INTERPRETER in types:
        return f"linux_{MACHINES[machine]}"
    return f"manylinux2014_{MACHINES[machine]}.manylinux_2_17_{MACHINES[machine]}.musllinux_1_1_{MACHINES[machine]}"
