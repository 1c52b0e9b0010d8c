"""What the served OpenAPI document says is true: schemathesis makes requests from it, right ones and wrong ones."""

import pathlib
import subprocess
import sys

import terrabyte

CONFIGURATION = pathlib.Path(__file__).with_name("schemathesis.toml")
EXAMPLES = 40


def test_document_is_true(writable, tmp_path):
    command = [
        pathlib.Path(sys.executable).with_name("schemathesis"), "--config-file", CONFIGURATION,
        "run", f"{writable.url}/api", "--header", f"Authorization: Bearer {terrabyte.TOKEN}",
        "--max-examples", str(EXAMPLES), "--phases", "examples,coverage,fuzzing,stateful",
        "--suppress-health-check", "all", "--continue-on-failure",
    ]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stdout[-10_000:] + result.stderr[-2_000:]
    assert "test cases" in result.stdout.lower()


def test_no_server_error_was_logged(writable):
    """Runs behind the other test, with the same server."""
    assert not [line for line in writable.log if '"level":"error"' in line]
