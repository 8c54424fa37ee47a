#!/usr/bin/env python3
"""packaging/settings_file.py <shoal>: shoal.toml of the package: every setting, as a comment with its default, but those
that the service needs.
"""

import sys
import textwrap

from program_help import read_program

SET = {"data-dir": "/var/lib/shoal"}


def toml(option, value):
    if not option.value:
        return value or "false"
    if option.repeated:
        return f"[{toml_text(value)}]" if value else ""
    return toml_text(value) if value and option.value != "NUMBER" else value  # Nothing, where it has no default.


def toml_text(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def lines(program):
    yield f"# Settings of the service shoal, version {program.version}. After a change: systemctl restart shoal"
    yield "# What is behind a # is what holds unless it is said; shoal(1) has more."
    for option in program.options:
        if option.variable and option.name != "config":
            yield ""
            yield from textwrap.wrap(option.meaning, 118, initial_indent="# ", subsequent_indent="# ")
            value = SET.get(option.name, option.default)
            yield f"{'' if option.name in SET else '#'}{option.name} = {toml(option, value)}".rstrip()


if __name__ == "__main__":
    print("\n".join(lines(read_program(sys.argv[1]))))
