"""The Debian package: what is in it works, and what it says of the program is what the program says."""

import gzip
import os
import pty
import re
import select
import subprocess
import time

import pytest

from support.shoal_process import ROOT, Shoal


def run(*words, **more):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=300,
                          stdin=subprocess.DEVNULL, **more)


def done(*words, **more):
    ran = run(*words, **more)
    assert ran.returncode == 0, f"{' '.join(map(str, words))}: exit {ran.returncode}\n{ran.stdout}{ran.stderr}"
    return ran.stdout.strip()


@pytest.fixture(scope="module")
def package():
    done(ROOT / "scripts/package")
    [file] = (ROOT / "build/package").glob("shoal_*.deb")
    return file


@pytest.fixture(scope="module")
def root(package, tmp_path_factory):
    """Where the package is unpacked."""
    folder = tmp_path_factory.mktemp("package")
    done("dpkg-deb", "-x", package, folder)
    return folder


@pytest.fixture(scope="module")
def program(root):
    return root / "usr/bin/shoal"


def flags_of(program, *command):
    return set(re.findall(r"^  (?:-h,)?(--[a-z-]+)", done(program, *command, "--help"), re.M))


def commands_of(program):
    return re.findall(r"^  ([a-z]+) ", done(program, "--help").partition("shoal COMMAND")[2], re.M)


def test_its_name_version_and_dependencies_are_right(package, program):
    field = {name: done("dpkg-deb", "-f", package, name) for name in ("Package", "Version", "Architecture", "Depends")}
    assert done(program, "--version") == f"shoal {field['Version']}"
    assert package.name == f"shoal_{field['Version']}_{field['Architecture']}.deb"
    for library in ("libc6 (>=", "libssl3 (>=", "liblmdb0 (>="):
        assert library in field["Depends"]
    # Everything it names is installed here, where the program runs: nothing was left out and nothing has another name.
    assert "dependency problems" not in run("dpkg", "--no-act", "--install", package).stderr


def test_debians_own_checker_finds_no_errors(package):
    # Whoever publishes it names themselves as its maintainer; here nobody does.
    done("lintian", "--allow-root", "--fail-on=error,warning", "--suppress-tags",
         "bogus-mail-host,bogus-mail-host-in-debian-changelog", package)


def test_the_same_sources_make_the_same_package(package):
    before = package.read_bytes()
    done(ROOT / "scripts/package")
    assert package.read_bytes() == before


def test_the_packaged_program_serves(program, tmp_path, monkeypatch):
    monkeypatch.setenv("SHOAL_BINARY", str(program))
    with Shoal.start(f"--data-dir={tmp_path / 'data'}") as shoal:
        assert shoal.ok("ListTables", {}) == {"TableNames": []}
        assert shoal.stop() == 0


def test_its_settings_file_is_taken_as_it_is_and_names_every_setting(root, program, tmp_path):
    text = (root / "etc/shoal/shoal.toml").read_text()
    assert re.findall(r"^([a-z-]+) = (.*)$", text, re.M) == [("data-dir", '"/var/lib/shoal"')]
    named = {f"--{name}" for name in re.findall(r"^#?([a-z-]+) =", text, re.M)}
    assert named == flags_of(program) - {"--help", "--version", "--config"}
    # Every default is a value that the program takes.
    settings = tmp_path / "shoal.toml"
    settings.write_text(re.sub(r"^#([a-z-]+ = .+)$", r"\1", text, flags=re.M).replace('"/var/lib/shoal"', f'"{tmp_path}/data"'))
    with Shoal.start(f"--config={settings}") as shoal:
        assert shoal.ok("ListTables", {}) == {"TableNames": []}


def test_its_unit_is_valid_and_confined(root, program, tmp_path):
    here = tmp_path / "shoal.service"  # As if the program were installed.
    here.write_text((root / "lib/systemd/system/shoal.service").read_text().replace("/usr/bin/shoal", str(program)))
    ran = run("systemd-analyze", "verify", "--man=no", here)
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")
    # 0 is confined, 10 is not.
    done("systemd-analyze", "security", "--offline=true", "--threshold=20", root / "lib/systemd/system/shoal.service")
    unit = (root / "lib/systemd/system/shoal.service").read_text()
    start = re.search(r"^ExecStart=(.*)$", unit, re.M)[1].split()
    assert (root / start[0].lstrip("/")).is_file() and (root / start[-1].lstrip("/")).is_file()


def test_its_manual_page_is_free_of_warnings_and_has_every_option(root, program, tmp_path):
    page = root / "usr/share/man/man1/shoal.1.gz"
    text = tmp_path / "shoal.1"
    text.write_bytes(gzip.decompress(page.read_bytes()))
    assert done("mandoc", "-T", "lint", "-W", "warning", text) == ""
    ran = run("man", "--warnings", "-l", page, env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "1000", "MAN_KEEP_FORMATTING": ""})
    assert ran.returncode == 0 and ran.stderr == ""
    for flag in flags_of(program).union(*(flags_of(program, command) for command in commands_of(program))):
        assert re.search(rf"^\s+(-h, )?{flag}( |$)", ran.stdout, re.M), flag
    for command in commands_of(program):
        assert f"shoal {command}" in ran.stdout


def bash_completes(root, line):
    """What the shell offers at the end of `line`."""
    script = f"""
        source {root}/usr/share/bash-completion/completions/shoal
        compopt() {{ :; }}  # Which is for the line editor only.
        COMP_WORDS=({' '.join(f"'{word}'" for word in line)}); COMP_CWORD=$(({len(line)} - 1))
        _shoal
        printf '%s\\n' "${{COMPREPLY[@]}}" """
    return set(done("bash", "-c", script).split())


def test_bash_completes_flags_words_folders_and_commands(root, program, tmp_path):
    done("bash", "-n", root / "usr/share/bash-completion/completions/shoal")
    assert bash_completes(root, ["shoal", "--da"]) == {"--data-dir"}
    assert bash_completes(root, ["shoal", "--in-memory", "--"]) == flags_of(program)
    assert bash_completes(root, ["shoal", ""]) == flags_of(program) | {"-h"} | set(commands_of(program))
    assert bash_completes(root, ["shoal", "--durability", ""]) == {"sync", "relaxed"}
    assert bash_completes(root, ["shoal", "--durability", "=", "re"]) == {"relaxed"}
    assert bash_completes(root, ["shoal", "--port", "8"]) == set()
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    assert bash_completes(root, ["shoal", "--data-dir", f"{tmp_path}/f"]) == {f"{tmp_path}/folder"}
    assert bash_completes(root, ["shoal", "--config", f"{tmp_path}/f"]) == {f"{tmp_path}/folder", f"{tmp_path}/file"}
    for command in commands_of(program):
        assert bash_completes(root, ["shoal", command, "--"]) == flags_of(program, command)
        takes_file = re.search(r"^Positionals:\n(  .*\n)*  \w+ FILE\b", done(program, command, "--help"), re.M)
        assert bool(bash_completes(root, ["shoal", command, f"{tmp_path}/f"])) == bool(takes_file)


def fish_completes(root, line):
    script = f"source {root}/usr/share/fish/vendor_completions.d/shoal.fish; complete -C '{line}'"
    offered = done("fish", "--no-config", "-c", script).splitlines()
    return {entry.partition("\t")[0] for entry in offered}


def test_fish_completes_flags_words_and_commands(root, program):
    assert fish_completes(root, "shoal --da") == {"--data-dir"}
    assert fish_completes(root, "shoal --") == flags_of(program)
    assert fish_completes(root, "shoal --durability ") == {"sync", "relaxed"}
    assert fish_completes(root, "shoal ") == set(commands_of(program))
    for command in commands_of(program):
        assert fish_completes(root, f"shoal {command} --") == flags_of(program, command)


class Zsh:
    """An interactive zsh with the package's completions and nothing else."""

    def __init__(self, root, folder):
        rc = f"""
            fpath=({root}/usr/share/zsh/vendor-completions $fpath)
            autoload -Uz compinit && compinit -u -d {folder}/dump
            PS1='ready> '; unsetopt beep zle_bracketed_paste 2>/dev/null; unset zle_bracketed_paste
            zstyle ':completion:*' list-prompt ''; LISTMAX=10000; setopt no_always_last_prompt
        """
        (folder / ".zshrc").write_text(rc)
        pid, self.terminal = pty.fork()
        if pid == 0:
            os.execvpe("zsh", ["zsh", "-i"], {"ZDOTDIR": str(folder), "PATH": os.environ["PATH"], "TERM": "dumb",
                                              "HOME": str(folder), "LINES": "500", "COLUMNS": "200"})
        self.pid, self.said = pid, ""
        self.until("ready> ")

    def until(self, text, seconds=20):
        """Takes of what it says up to `text`."""
        end = time.monotonic() + seconds
        while text not in self.said:
            assert time.monotonic() < end, f"zsh did not say {text!r}: {self.said!r}"
            if select.select([self.terminal], [], [], 0.2)[0]:
                self.said += os.read(self.terminal, 65536).decode(errors="replace")
        self.said = self.said.partition(text)[2]

    def completes(self, line, expected):
        """Presses the tabulator after `line`, and waits for `expected`."""
        os.write(self.terminal, f"{line}\t".encode())
        self.until(expected)
        os.write(self.terminal, b"\x15echo done\n")  # Ctrl-U: the line is gone.
        self.until("\r\ndone")
        self.until("ready> ")

    def close(self):
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


def test_zsh_completes_flags_words_and_commands(root, program, tmp_path):
    done("zsh", "-n", root / "usr/share/zsh/vendor-completions/_shoal")
    zsh = Zsh(root, tmp_path)
    try:
        zsh.completes("shoal --data-d", "--data-dir")
        zsh.completes("shoal --durability=rel", "relaxed")
        zsh.completes("shoal heal", "health")
        zsh.completes("shoal health --time", "--timeout-ms")
    finally:
        zsh.close()
