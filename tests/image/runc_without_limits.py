#!/usr/bin/env python3
"""runc for sandboxes in which nobody may set resource limits, root included: an OCI runtime that leaves those out that
podman asks for, and else does what runc does. Podman knows runtimes by their file's name, so it is called through a link
of the name `runc`.
"""

import json
import os
import pathlib
import shutil
import sys


def drop_limits(file: pathlib.Path):
    specification = json.loads(file.read_text())
    specification.get("process", specification).pop("rlimits", None)
    file.write_text(json.dumps(specification))


words = sys.argv[1:]
for flag, of in (("--bundle", "config.json"), ("--process", "")):  # Of `create` and of `exec`.
    if flag in words:
        drop_limits(pathlib.Path(words[words.index(flag) + 1], of))

os.execv("/usr/sbin/runc", ["runc", *words])  # Where Debian's package has it.
