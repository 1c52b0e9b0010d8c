"""Runs the blocks of a page one after the other, as a reader would, in a directory and with a server of their own."""

import difflib
import json
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import sys
import time

import documentation
import terrabyte

# Seconds that one command may take.
PATIENCE = 120
# What pages say that the server's address is.
DEFAULT_PORT = 8080
# Rates and times differ from run to run.
VARYING = re.compile(r"\d[\d,.]*(?=/s\b| ms\b| s\b| seconds\b)|(?<![\d:])\d+:\d\d\b(?!:)")
# What loads and exports that take more than ten seconds say meanwhile.
PROGRESS = re.compile(r"^(?:[\d,]+ Items, [\d,]+/s\b.*|\S+: [\d,]+ of [\d,]+ Items)\n", re.MULTILINE)
# Folders of other machines, which are made in the page's own directory.
FOREIGN = re.compile(r"(?<![\w/])/(?=(data|var/lib)/)")
SERVE = re.compile(r"(?:\w+=\S+ )*terrabyte serve\b[^|&;]*")


def matches(shown, actual):
    """Whether output is as shown. `…` is anything, on a line of its own any number of lines."""
    pattern = ""
    for line in shown.rstrip().splitlines():
        if line.strip() == "…":
            pattern += r"(?:.*\n)*?"
            continue
        parts = (
            VARYING.sub("\0", part).replace("\0", "\1") for part in line.rstrip().split("…"))
        pattern += ".*".join(re.escape(part).replace("\1", f"(?:{VARYING.pattern})") for part in parts) + r"[ \t]*\n"
    return re.fullmatch(pattern, actual.rstrip() + "\n") is not None


class Shell:
    """One bash, so that variables and the directory stay from command to command."""

    def __init__(self, folder, environment):
        self.process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], cwd=folder, env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        self._pending = b""
        self.run("set -o pipefail")

    def run(self, command):
        """Returns what a command prints, and its exit code."""
        script = f"{{ {command}\n}} </dev/null; __status=$?; printf '\\036%d\\n' $__status; (exit $__status)\n"
        self.process.stdin.write(script.encode())
        self.process.stdin.flush()
        deadline = time.monotonic() + PATIENCE
        while not (end := re.search(rb"\x1e(\d+)\n", self._pending)):
            if not select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))[0]:
                raise AssertionError(f"Still running after {PATIENCE} s. Until then:\n{self._pending.decode()}")
            piece = os.read(self.process.stdout.fileno(), 65_536)
            if not piece:
                raise AssertionError(f"The shell has ended. Until then:\n{self._pending.decode()}")
            self._pending += piece
        output, self._pending = self._pending[:end.start()], self._pending[end.end():]
        return output.decode(), int(end[1])

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=20)
        finally:
            # What it has started, in the group that has its id.
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()
            self.process.stdout.close()


class Interpreter:
    """One Python, so that names stay from block to block."""

    DRIVER = pathlib.Path(__file__).with_name("page_interpreter.py")

    def __init__(self, folder, environment):
        self.process = subprocess.Popen(
            [sys.executable, str(self.DRIVER)], cwd=folder, env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)

    def run(self, language, text, place):
        """Returns what a block prints; raises `AssertionError` with the traceback."""
        self.process.stdin.write(json.dumps([language, text, place]) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"{place}: Python has ended")
        output, error = json.loads(line)
        if error:
            raise AssertionError(f"{place}:\n{output}{error}")
        return output

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)
        self.process.stdout.close()


class Serving:
    """A server that a shell has started."""

    def __init__(self, shell, command, folder):
        self.shell = shell
        self.log = folder / ".server.log"
        pipe = folder / ".server"
        os.mkfifo(pipe)
        output, status = shell.run(f"{command} > {pipe} 2> {self.log} & echo $!")
        assert status == 0, output
        self.process = int(output)
        # Open until the end: a server that has more to say must not write into a pipe that nobody reads.
        self.stream = open(pipe, "rb", buffering=0)
        # It says in one piece where it listens, and what there is.
        self.line = self.stream.read(65_536).decode()
        pipe.unlink()
        address = re.search(r"http://[^:/]+:(\d+)", self.line)
        self.port = int(address[1]) if address else None

    def stop(self):
        """Returns its exit code; it may have ended by itself."""
        output, _ = self.shell.run(f"kill -TERM {self.process} 2>/dev/null; wait {self.process}; echo $?")
        self.stream.close()
        return int(output.split()[-1])


class PageRun:
    def __init__(self, folder, demo_home=None, shared_server=None):
        """
        demo_home: a directory with the demo catalogue, and beside it demo.txt, what the command said that made it.
        shared_server: gives a server of the demo catalogue, for pages that start none themselves.
        """
        self.folder = folder
        self.demo_home = demo_home
        self.shared_server = shared_server
        folders = [str(pathlib.Path(sys.executable).parent), str(terrabyte.EXECUTABLE.parent)]
        self.environment = terrabyte.environment() | {
            "PATH": os.pathsep.join([*folders, os.environ["PATH"]]), "MPLBACKEND": "Agg", "LC_ALL": "C.UTF-8",
            "TERRABYTE_SERVER_PORT": "0",
        }
        self.shell = Shell(folder, self.environment)
        self.python = None
        # The port of a running server by the one that the page says.
        self.ports = {}
        self.server = None

    # What a page says, and what is so.

    def actual(self, text):
        text = FOREIGN.sub(f"{self.folder}/", text)
        if f"127.0.0.1:{DEFAULT_PORT}" in text and not self.ports:
            self.ports[DEFAULT_PORT] = int(self.shared_server().root.rsplit(":", 1)[1])
        for shown, actual in self.ports.items():
            text = text.replace(f"127.0.0.1:{shown}", f"127.0.0.1:{actual}")
        return text

    def shown(self, text):
        text = re.sub(rf"{re.escape(str(self.folder))}/(?=(data|var/lib)/)", "/", text)
        for shown, actual in self.ports.items():
            text = text.replace(f"127.0.0.1:{actual}", f"127.0.0.1:{shown}")
        return text

    def expect(self, shown, actual, place):
        if shown is None or not shown.strip():
            return
        actual = PROGRESS.sub("", self.shown(actual))
        if not matches(shown, actual):
            lines = difflib.unified_diff(
                shown.rstrip().splitlines(), actual.rstrip().splitlines(), "shown", "actual", lineterm="")
            raise AssertionError(f"{place}: another output\n" + "\n".join(lines))

    # Blocks

    def run(self, block):
        if block.exemption is not None:
            return
        if block.source is not None:
            self.check_source(block)
        elif block.language == "setup":
            for command in block.text.strip().splitlines():
                output, status = self.command(command)
                assert status == 0, f"{block}: {command}: exit code {status}\n{output}"
        elif block.language == "console":
            self.run_console(block)
        elif block.language in ("python", "sql"):
            self.python = self.python or Interpreter(self.folder, self.environment)
            output = self.python.run(block.language, self.actual(block.text), str(block))
            self.expect(block.output, output, block)
        elif block.language == "json" and block.title:
            self.write(block)
        else:
            raise AssertionError(
                f"{block}: nothing runs '{block.language}'; a comment before it can say where it is from, or why not")

    def check_source(self, block):
        source = (terrabyte.CHECKOUT / block.source).read_text()
        lines = [line.strip() for line in block.text.strip().splitlines()]
        there = "\n".join(line.strip() for line in source.splitlines())
        assert "\n".join(lines) in there, f"{block}: is not in {block.source} like this"

    def write(self, block):
        json.loads(block.text)
        path = self.folder / block.title
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.actual(block.text))
        if path.name == "terrabyte.json":
            # A server that starts has read it.
            server = Serving(self.shell, f"terrabyte serve --create --home .home-{block.line} --config {path}", self.folder)
            status = server.stop()
            assert server.port and status == 0, f"{block}: {server.log.read_text()}"

    def run_console(self, block):
        commands = console_commands(block.text)
        assert commands, f"{block}: no line begins with '$ '"
        for index, (offset, command, output) in enumerate(commands):
            place = f"{documentation.name(block.page)}:{block.line + offset}: {command}"
            actual, status = self.command(command)
            # That it fails is told where the next command shows the exit code.
            is_told = index + 1 < len(commands) and commands[index + 1][1] == "echo $?"
            assert status == 0 or is_told, f"{place}: exit code {status}\n{actual}"
            self.expect(output, actual, place)

    def command(self, command):
        if SERVE.fullmatch(command):
            return self.serve(command)
        demo = re.fullmatch(r"terrabyte demo(?: --home (\S+))?", command)
        home = demo and self.folder / (demo[1] or "terrabyte-home")
        if home and not home.exists():
            # Making it takes a debug build half a minute; the fixture has done so.
            shutil.copytree(self.demo_home, home)
            return (self.demo_home.parent / "demo.txt").read_text(), 0
        return self.shell.run(self.actual(command))

    # The server

    def serve(self, command):
        self.stop_server()
        port = re.search(r"--port[= ](\d+)", command)
        server = Serving(self.shell, self.actual(re.sub(r"--port[= ]\d+", "--port 0", command)), self.folder)
        if server.port is None:
            status = server.stop()
            self.shell.run(f"(exit {status})")
            return server.log.read_text(), status
        self.ports = {int(port[1]) if port else DEFAULT_PORT: server.port}
        self.server = server
        return server.line, 0

    def stop_server(self):
        if self.server is None:
            return
        server, self.server = self.server, None
        status = server.stop()
        assert status == 0, f"The server has ended with {status}.\n{server.log.read_text()}"

    def stop(self):
        try:
            self.stop_server()
            if self.python:
                self.python.stop()
        finally:
            self.shell.stop()


def console_commands(text):
    """Commands of a session with the lines of each, counted from the fence, and the output that is shown."""
    commands = []
    lines = text.splitlines()
    index = 0
    while index < len(lines):
        assert lines[index].startswith("$ "), f"not a command: {lines[index]}"
        first, command = index + 1, lines[index][2:]
        index += 1
        # Further lines of a command begin with '> ', or follow a backslash.
        while index < len(lines) and (lines[index].startswith("> ") or command.endswith("\\")):
            command += "\n" + lines[index].removeprefix("> ")
            index += 1
        output = []
        while index < len(lines) and not lines[index].startswith("$ "):
            output.append(lines[index])
            index += 1
        commands.append((first, command, "\n".join(output) if output else None))
    return commands
