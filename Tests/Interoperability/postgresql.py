"""A PostgreSQL server of the tests' own, without data at first."""

import contextlib
import os
import pathlib
import subprocess
import urllib.parse

import pytest

import terrabyte

SCRIPT = terrabyte.CHECKOUT / "Scripts/scratch-postgresql"


@contextlib.contextmanager
def server():
    """Yields the URL of an empty database."""
    if not list(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        pytest.skip("There is no server of PostgreSQL.")
    process = subprocess.Popen(
        [SCRIPT, "sh", "-c", 'echo "$TERRABYTE_DATABASE"; cat'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        url = process.stdout.readline().strip()
        assert url.startswith("postgresql://"), f"PostgreSQL does not start: {url}"
        yield url
    finally:
        process.communicate(timeout=60)


def restart(url, mode):
    """Restarts the server: "fast" ends its connections, "immediate" is as a crash."""
    folder = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["host"][0]
    programs = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    subprocess.run(
        [*as_user, programs / "pg_ctl", f"--pgdata={folder}/data", "--wait", f"--mode={mode}", f"--log={folder}/server.log", "restart"],
        cwd=folder, check=True, stdout=subprocess.DEVNULL)


def cut_connections(url):
    """Ends all connections but its own."""
    subprocess.run(
        ["psql", url, "--quiet", "--output=/dev/null", "--command",
         "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"],
        check=True)
