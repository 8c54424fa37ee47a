#!/usr/bin/env python3
"""packaging/completions.py <bash, zsh or fish> <shoal>: completion of shoal's command line for a shell, from what the
program says of itself.
"""

import sys

from program_help import read_program

FOLDERS, FILES = ("FOLDER",), ("FILE",)


def flags(options):
    return [flag for option in options for flag in option.flags]


def bash(program):
    def cases(options):
        for option in options:
            if not option.value:
                continue
            if option.words:
                words = f'COMPREPLY=($(compgen -W "{" ".join(option.words)}" -- "$word"))'
            elif option.value in FOLDERS:
                words = "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$word\")"
            elif option.value in FILES:
                words = "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$word\")"
            else:
                words = "COMPREPLY=()"
            yield f"    {'|'.join(option.flags)}) {words}; return ;;"

    yield "# bash completion of shoal(1); made by packaging/completions.py"
    yield "_shoal() {"
    yield '  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} first=${COMP_WORDS[1]}'
    yield '  # "--flag=value" comes as three words.'
    yield '  if [[ $word == "=" ]]; then word=; elif [[ $before == "=" ]]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi'
    yield '  case $before in'
    yield from cases({tuple(option.flags): option for each in (program, *program.commands)
                      for option in each.options}.values())
    yield "  esac"
    yield '  case $first in'
    for command in program.commands:
        files = " compopt -o filenames; COMPREPLY+=($(compgen -f -- \"$word\"));" if takes_file(command) else ""
        yield (f"    {command.name}) if ((COMP_CWORD > 1)); then COMPREPLY=($(compgen -W \"{' '.join(flags(command.options))}\""
               f" -- \"$word\"));{files} return; fi ;;")
    yield "  esac"
    yield f"  local words=\"{' '.join(flags(program.options))}\""
    yield f"  if ((COMP_CWORD == 1)); then words+=\" {' '.join(command.name for command in program.commands)}\"; fi"
    yield '  COMPREPLY=($(compgen -W "$words" -- "$word"))'
    yield "}"
    yield "complete -F _shoal shoal"


def takes_file(command):
    return any(option.value in FILES for option in command.positionals)


def zsh(program):
    def quoted(text):
        return text.replace("\\", "\\\\").replace("'", "'\\''").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:")

    def spec(option):
        value = ""
        if option.value:
            action = (f"({' '.join(option.words)})" if option.words else "_files -/" if option.value in FOLDERS else
                      "_files" if option.value in FILES else " ")
            value = f":{option.value}:{action}"
        many = "*" if option.repeated else ""
        for flag in option.flags:
            equals = "=" if option.value and flag.startswith("--") else ""
            yield f"'{many}{flag}{equals}[{quoted(option.meaning)}]{value}'"

    def arguments(options, more=()):
        specs = [text for option in options for text in spec(option)] + list(more)
        return " \\\n        ".join(["_arguments", *specs])

    yield "#compdef shoal"
    yield "# zsh completion of shoal(1); made by packaging/completions.py"
    yield "if ((CURRENT > 2)); then"
    yield "  case $words[2] in"
    for command in program.commands:
        yield f"    {command.name})"
        yield "      shift words; ((CURRENT--))"
        yield "      " + arguments(command.options, ["'*:file:_files'"] if takes_file(command) else [])
        yield "      return ;;"
    yield "  esac"
    yield "fi"
    names = " ".join(f"{command.name}\\:\"{quoted(command.summary)}\"" for command in program.commands)
    yield arguments(program.options, [f"'1:command:(({names}))'"])


def fish(program):
    def quoted(text):
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def line(option, condition):
        words = ["complete -c shoal", f"-n {quoted(condition)}"]
        words += [f"-s {flag[1:]}" if len(flag) == 2 else f"-l {flag[2:]}" for flag in option.flags]
        if option.words:
            words.append(f"-x -a {quoted(' '.join(option.words))}")
        elif option.value in FILES:
            words.append("-r -F")
        elif option.value in FOLDERS:
            words.append("-x -a '(__fish_complete_directories)'")
        elif option.value:
            words.append("-x")
        return " ".join([*words, f"-d {quoted(option.meaning)}"])

    yield "# fish completion of shoal(1); made by packaging/completions.py"
    yield "complete -c shoal -f"
    for option in program.options:
        yield line(option, "not __fish_seen_subcommand_from " + " ".join(command.name for command in program.commands))
    for command in program.commands:
        yield f"complete -c shoal -n __fish_use_subcommand -a {command.name} -d {quoted(command.summary)}"
        seen = f"__fish_seen_subcommand_from {command.name}"
        if takes_file(command):
            yield f"complete -c shoal -n {quoted(seen)} -F"
        for option in command.options:
            yield line(option, seen)


if __name__ == "__main__":
    shell, binary = sys.argv[1:]
    print("\n".join({"bash": bash, "zsh": zsh, "fish": fish}[shell](read_program(binary))))
