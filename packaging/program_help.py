"""What `shoal --help` says, as data: the one list of options, of which the man page, the completions and the settings file
of the package are made.

    program = read_program("build/release/shoal")
    program.options[0].flags, program.commands[0].options
"""

import dataclasses
import re
import subprocess

WORDS = ("LEVEL", "WHO", "FORMAT")  # Options that take one of a few words, which only a refusal lists.
NOWHERE = "/nonexistent/so-that-nothing-is-served.toml"


@dataclasses.dataclass
class Option:
    flags: list  # ["-h", "--help"]; of a positional its name.
    value: str  # "FOLDER"; empty: it takes none.
    default: str
    repeated: bool
    variable: str  # "SHOAL_DATA_DIR"
    meaning: str
    words: list = dataclasses.field(default_factory=list)  # All that it takes, where those are few.

    @property
    def name(self):
        return self.flags[-1].lstrip("-")


@dataclasses.dataclass
class Program:
    name: str
    summary: str
    options: list
    positionals: list
    notes: list
    commands: list
    version: str = ""


def asked(*words):
    return subprocess.run(words, capture_output=True, text=True, timeout=30)


def help_of(*words):
    ran = asked(*words, "--help")
    if ran.returncode != 0:
        raise RuntimeError(f"{' '.join(words)} --help: exit {ran.returncode}: {ran.stderr}")
    return ran.stdout


ENTRY = re.compile(r"(?P<flags>\S+)(?: (?P<value>[A-Z]+)(?::[A-Z]+)?(?:=(?P<default>\S*))?)?(?P<repeated> \.\.\.)?(?: REQUIRED)?"
                   r"(?: \(Env:(?P<variable>\w+)\))?(?:\s+(?P<meaning>\S.*))?")


def read_options(section):
    """An option's line begins with two spaces; its meaning is at the line's end, or on the next line, deeper."""
    options = []
    for line in section.splitlines():
        if line.startswith("   "):
            options[-1].meaning += (" " if options[-1].meaning else "") + line.strip()
        elif line.strip():
            entry = ENTRY.fullmatch(line.strip())
            if not entry:
                raise RuntimeError(f"not understood in --help: {line}")
            default = entry["default"] or ""
            options.append(Option(entry["flags"].split(","), entry["value"] or "", "" if default == "[]" else default,
                                  bool(entry["repeated"]), entry["variable"] or "", entry["meaning"] or ""))
    return options


def parse_help(name, text):
    before, *sections = re.split(r"^(Positionals|Options):\n", text, flags=re.M)
    bodies = dict(zip(sections[::2], sections[1::2]))
    options, _, rest = bodies["Options"].partition("\n\n")
    notes, _, commands = rest.partition("shoal COMMAND, each with a --help of its own:\n")
    program = Program(name, before.splitlines()[0].strip(), read_options(options),
                      read_options(bodies.get("Positionals", "")), [line for line in notes.splitlines() if line.strip()], [])
    return program, re.findall(r"^  (\S+)\s+(.*)$", commands, re.M)


def read_program(binary):
    program, commands = parse_help("shoal", help_of(binary))
    program.version = asked(binary, "--version").stdout.split()[-1]
    for option in program.options:
        if option.value in WORDS:
            refusal = asked(binary, f"{option.flags[-1]}=?", f"--config={NOWHERE}").stderr
            listed = re.search(r"must be one of (.*), not '\?'", refusal)
            if not listed:
                raise RuntimeError(f"{option.flags[-1]} does not say what it takes: {refusal}")
            option.words = listed[1].split(", ")
    for name, summary in commands:
        command, _ = parse_help(name, help_of(binary, name))
        command.notes = [command.summary]
        command.summary = summary
        program.commands.append(command)
    return program
