"""Where the program is."""

import os
import pathlib

from .error import ShoalError


def program(binary=None) -> str:
    """`binary`, or what $SHOAL_BINARY names, or the one in the package; ShoalError when it is not there."""
    if binary or os.environ.get("SHOAL_BINARY"):
        path = pathlib.Path(binary or os.environ["SHOAL_BINARY"])
        if not path.is_file():
            raise ShoalError(f"there is no server at {path}, which {'`binary`' if binary else 'SHOAL_BINARY'} names")
        return str(path)
    path = pathlib.Path(__file__).parent / "bin/shoal"
    if not path.is_file():
        raise ShoalError("there is no server in this installation of pytest-shoal: install its wheel for this machine, "
                         "or name a server's program in SHOAL_BINARY")
    return str(path)
