#!/usr/bin/env python3
"""packaging/man_page.py <shoal> [seconds since 1970]: the manual page shoal(1), from what the program says of itself."""

import re
import sys
import time

from program_help import read_program

DESCRIPTION = """\
.B shoal
serves Amazon DynamoDB's protocol on an address of this machine, for development, tests and self\\-hosting.
An application that works against DynamoDB works against it by changing the endpoint and nothing else.
.PP
It says on standard output when it serves and where its data is, and logs to standard error."""

ENDINGS = """\
.SH SIGNALS
.TP
.BR SIGTERM ", " SIGINT
Ends in order: requests in flight have the time of
.BR \\-\\-shutdown\\-timeout\\-ms .
A second one ends at once.
.SH EXIT STATUS
0 when it was told to end or did what it was asked for, another when not; standard error says why.
.SH FILES
.TP
.I /etc/shoal/shoal.toml
Settings of the service of the Debian package.
.TP
.I /var/lib/shoal
Its data.
.SH EXAMPLES
.TP
.B shoal \\-\\-in\\-memory \\-\\-port 9000
Serves on 127.0.0.1:9000 and keeps nothing.
.TP
.B systemctl enable \\-\\-now shoal
Serves on 127.0.0.1:8000 from now on, with the settings of the package.
.TP
.B shoal health && aws dynamodb list\\-tables \\-\\-endpoint\\-url http://127.0.0.1:8000
Asks the server of this machine.
.SH SEE ALSO
.BR systemctl (1)"""


def escaped(text):
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return re.sub(r"(?m)^\.", r"\\&.", text)


def entry(option):
    value = f" \\fI{escaped(option.value)}\\fR" if option.value else ""
    names = ", ".join(f"\\fB{escaped(flag)}\\fR" for flag in option.flags)
    about = [text for text in (f"default: {option.default}" if option.default else "",
                               f"environment: {option.variable}" if option.variable else "") if text]
    yield ".TP"
    yield f"{names}{value}{' ...' if option.repeated else ''}"
    yield escaped(option.meaning) + "."
    if about:
        yield escaped(f"({'; '.join(about)})")


def page(program, when):
    yield f'.TH SHOAL 1 "{time.strftime("%Y-%m-%d", time.gmtime(when))}" "shoal {program.version}" "User Commands"'
    yield ".SH NAME"
    yield "shoal \\- a server that speaks DynamoDB\\(aqs protocol"
    yield ".SH SYNOPSIS"
    yield ".B shoal\n[option...]"
    for command in program.commands:
        operands = " ".join(f"[{option.name}{' ...' if option.repeated else ''}]" for option in command.positionals)
        yield f".br\n.B shoal {command.name}\n[option...] {escaped(operands)}".rstrip()
    yield ".SH DESCRIPTION"
    yield DESCRIPTION
    yield ".SH OPTIONS"
    for option in program.options:
        yield from entry(option)
    for note in program.notes:
        yield ".PP"
        yield escaped(note)
    yield ".SH COMMANDS"
    for command in program.commands:
        yield f".SS shoal {command.name}"
        yield from (escaped(note) for note in command.notes)
        for option in command.positionals + command.options:
            if option.name != "help":
                yield from entry(option)
    yield ENDINGS


if __name__ == "__main__":
    print("\n".join(page(read_program(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else time.time())))
