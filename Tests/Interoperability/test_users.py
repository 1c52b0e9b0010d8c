"""Commands for accounts, at a terminal and for programs."""

import json
import os
import pty
import select
import subprocess
import time

import pytest

import terrabyte

SECRET = "correct horse battery"


def users(home, *arguments, given=""):
    return subprocess.run(
        [terrabyte.EXECUTABLE, "users", *arguments, "--home", home], input=given, capture_output=True, text=True,
        timeout=60)


class Terminal:
    """A command whose input and output are a terminal."""

    def __init__(self, *arguments):
        self.output = b""
        self.process, self.descriptor = pty.fork()
        if self.process == 0:
            os.execv(terrabyte.EXECUTABLE, [str(terrabyte.EXECUTABLE), *arguments])

    def read_until(self, text):
        deadline = time.monotonic() + 60
        while text not in self.output:
            assert time.monotonic() < deadline, self.output
            if select.select([self.descriptor], [], [], 1)[0]:
                try:
                    self.output += os.read(self.descriptor, 4_096)
                except OSError:
                    break
        assert text in self.output

    def type(self, text):
        os.write(self.descriptor, text.encode())

    def exit_code(self):
        code = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        os.close(self.descriptor)
        return code


@pytest.mark.parametrize(
    "first, second, end, code",
    [(SECRET, SECRET, b"Added ada", 0), (SECRET, SECRET + "!", b"The passwords differ.", 1), ("\x03", None, b"Interrupted.", 1)])
def test_terminal_does_not_show_passwords(tmp_path, first, second, end, code):
    terminal = Terminal("users", "add", "ada", "--home", str(tmp_path))
    terminal.read_until(b"Password: ")
    terminal.type(first + "\n")
    if second:
        terminal.read_until(b"again: ")
        terminal.type(second + "\n")
    terminal.read_until(end)
    assert terminal.exit_code() == code
    assert b"horse" not in terminal.output
    listed = json.loads(users(tmp_path, "list", "--json").stdout) if code == 0 else []
    assert [account["name"] for account in listed] == (["ada"] if code == 0 else [])


@pytest.mark.parametrize(
    "arguments, given, message",
    [
        (["add", "a.b"], SECRET, "'a.b' is no user name"),
        (["add", "bob"], "short", "8 to 1,024 bytes"),
        (["add", "bob"], "", "no password on standard input"),
        (["add", "ada"], SECRET, "has the name 'ada'"),
        (["add", "bob", "--kind", "partner"], SECRET, "a sponsor, a project and an end date"),
        (["show", "adda"], "", "There is no account 'adda' (did you mean 'ada'?)."),
        (["delete", "adda"], "", "did you mean 'ada'?"),
        (["invite", "z@example.org", "--sponsor", "ada", "--project", "p", "--end", "2099-01-01", "--member", "c1:ro"], "",
         "There is no container 'c1'."),
    ])
def test_faults_are_named(tmp_path, arguments, given, message):
    assert users(tmp_path, "add", "ada", given=SECRET).returncode == 0
    found = users(tmp_path, *arguments, given=given)
    assert found.returncode == 1
    assert message in found.stderr
    listed = json.loads(users(tmp_path, "list", "--json").stdout)
    assert [account["name"] for account in listed] == ["ada"]
