"""A PostgreSQL server of the tests' own, without data at first."""

import contextlib
import os
import pathlib
import subprocess
import time
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


def restart(url, mode, options=None):
    """Restarts the server: "fast" ends its connections, "immediate" is as a crash. Starts one that was stopped.

    options: of its command line, in the place of those it has.
    """
    control(url, "restart", f"--mode={mode}", *([f"--options={options}"] if options else []))


def stop(url, mode="fast"):
    control(url, "stop", f"--mode={mode}")


@contextlib.contextmanager
def standby(url):
    """Makes a standby, without which the server acknowledges no commit.

    Yields the URL of both, whichever is the primary, and a function that makes the standby the primary.
    """
    folder = folder_of(url)
    data = f"{folder}/standby"
    run(folder, "pg_basebackup", f"--host={folder}", "--username=terrabyte", f"--pgdata={data}", "--write-recovery-conf",
        "--checkpoint=fast", "--no-sync")
    options = f"-c port=5433 -c listen_addresses='' -c unix_socket_directories='{folder}'"
    control(url, "start", f"--options={options}", data="standby")
    try:
        execute(url, "ALTER SYSTEM SET synchronous_standby_names = '*'")
        execute(url, "SELECT pg_reload_conf()")
        end = time.monotonic() + 60
        while execute(url, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") != "1":
            assert time.monotonic() < end, "The standby does not connect."
            time.sleep(0.05)
        both = f"postgresql://terrabyte@/postgres?host={folder},{folder}&port=5432,5433"
        yield both, lambda: control(url, "promote", data="standby")
    finally:
        control(url, "stop", "--mode=immediate", data="standby")


def folder_of(url):
    return urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["host"][0]


def control(url, *arguments, data="data"):
    folder = folder_of(url)
    run(folder, "pg_ctl", f"--pgdata={folder}/{data}", "--wait", f"--log={folder}/server.log", *arguments)


def run(folder, program, *arguments):
    programs = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    subprocess.run([*as_user, programs / program, *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def execute(url, sql):
    """The first value of the result."""
    return subprocess.run(
        ["psql", url, "--quiet", "--tuples-only", "--no-align", "--command", sql], check=True, capture_output=True, text=True
    ).stdout.strip()


def cut_connections(url):
    """Ends all connections but its own."""
    subprocess.run(
        ["psql", url, "--quiet", "--output=/dev/null", "--command",
         "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"],
        check=True)
