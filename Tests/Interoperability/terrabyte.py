"""The executable under test: commands that end, and servers that run until they are stopped."""

import contextlib
import os
import pathlib
import re
import signal
import socket
import subprocess
import threading

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
EXECUTABLE = pathlib.Path(os.environ.get("TERRABYTE_EXECUTABLE", CHECKOUT / ".build/debug/terrabyte")).resolve()
TOKEN = "a token for tests"


def environment():
    """Ours without what an operator may have set for another catalogue."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TERRABYTE_")}


def arguments(home, *command):
    return [str(EXECUTABLE), *command, "--home", str(home)]


def run(home, *command, input=None, timeout=300, check=True):
    """Runs a command to its end."""
    result = subprocess.run(
        arguments(home, *command), input=input, capture_output=True, text=True, timeout=timeout, env=environment())
    if check and result.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: exit code {result.returncode}\n{result.stdout}{result.stderr}")
    return result


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A server process on a free port.

    settings: names of environment variables without TERRABYTE_, and their values.
    descriptors: how many files and connections it may have open.
    """

    def __init__(self, home, settings=None, arguments=(), descriptors=None):
        self.home = pathlib.Path(home)
        variables = {f"TERRABYTE_{name}": str(value) for name, value in (settings or {}).items()}
        command = [str(EXECUTABLE), "serve", "--port", "0", "--home", str(home), *arguments]
        if descriptors:
            command = ["bash", "-c", f'ulimit -n {descriptors}; exec "$@"', "bash", *command]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=environment() | {"TERRABYTE_OPERATOR_TOKEN": TOKEN} | variables)
        self.log = []
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        line = self.process.stdout.readline()
        address = re.search(r"http://\S+", line)
        if address is None:
            self.stop()
            raise AssertionError(f"The server said '{line}'.\n{''.join(self.log)}")
        self.root = address[0]
        self.url = self.root + "/public/api"

    def _read_log(self):
        # A pipe that nobody empties would block the server one day.
        for line in self.process.stderr:
            self.log.append(line)

    def kill(self):
        """At once, as a power cut would."""
        self.process.kill()
        self._end()

    def stop(self):
        """As an operator would; returns the exit code."""
        self.process.terminate()
        return self._end()

    def hang_up(self):
        """As a terminal that is closed does, and operators who want the configuration read again."""
        self.process.send_signal(signal.SIGHUP)

    def _end(self):
        code = self.process.wait(timeout=60)
        self._reader.join(timeout=10)
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self.process.poll() is None:
            self.stop()
