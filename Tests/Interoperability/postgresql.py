"""A PostgreSQL server of the tests' own, without data at first."""

import contextlib
import pathlib
import subprocess

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
