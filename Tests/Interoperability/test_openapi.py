"""What the served OpenAPI document says is true: schemathesis makes requests from it, right ones and wrong ones."""

import os
import pathlib
import subprocess
import sys

import rounds
import terrabyte

CONFIGURATION = pathlib.Path(__file__).with_name("schemathesis.toml")
EXAMPLES = rounds.count(12)


def test_document_is_true(writable, tmp_path):
    command = [
        pathlib.Path(sys.executable).with_name("schemathesis"), "--config-file", CONFIGURATION,
        "run", f"{writable.url}/api", "--header", f"Authorization: Bearer {terrabyte.TOKEN}",
        "--max-examples", str(EXAMPLES), "--phases", "examples,coverage,fuzzing,stateful",
        "--suppress-health-check", "all", "--continue-on-failure",
    ]
    # Where its hooks are found.
    environment = os.environ | {"PYTHONPATH": str(CONFIGURATION.parent)}
    result = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=rounds.count(300), env=environment)
    assert result.returncode == 0, result.stdout[-10_000:] + result.stderr[-2_000:]
    assert "test cases" in result.stdout.lower()
    assert not [line for line in writable.log if '"level":"error"' in line]
