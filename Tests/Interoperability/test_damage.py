"""Damage of a catalogue is named and counted, contained, and never copied; what is read needs no permission to write."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time

import pytest
import requests

import terrabyte

COLLECTION = "landsat-ot-c2-l2"


@pytest.fixture
def home(demo_home, tmp_path):
    copy = tmp_path / "home"
    shutil.copytree(demo_home, copy)
    return copy


def damage_item(home):
    """Changes one byte of an Item as stored, and returns its id."""
    database = sqlite3.connect(home / "catalogue.sqlite")
    sequence, name = database.execute(
        "SELECT k.sequence, k.id FROM item_key AS k JOIN collection AS c ON c.number = k.collection WHERE c.id = ? "
        "ORDER BY k.id LIMIT 1 OFFSET 100", [COLLECTION]).fetchone()
    body = bytearray(database.execute("SELECT body FROM item WHERE sequence = ?", [sequence]).fetchone()[0])
    body[len(body) // 2] ^= 1
    database.execute("UPDATE item SET body = ? WHERE sequence = ?", [bytes(body), sequence])
    database.commit()
    database.close()
    return name


def test_damaged_item(home, tmp_path):
    copy = tmp_path / "copy"
    terrabyte.run(home, "backup", str(copy))
    sound = (copy / "catalogue.sqlite").read_bytes()
    name = damage_item(home)
    with terrabyte.Server(home) as server:
        search = f"{server.url}/search?collections={COLLECTION}&ids={name},none"
        page = requests.get(search, timeout=30).json()
        assert page["terrabyte:damaged"] == [{"collection": COLLECTION, "id": name}]
        assert page["numberMatched"] == 1 and page["features"] == []
        item = requests.get(f"{server.url}/collections/{COLLECTION}/items/{name}", timeout=30)
        assert item.status_code == 500 and item.json()["code"] == "Damaged" and name in item.json()["detail"]
        for kind in ["application/x-ndjson", "application/vnd.apache.parquet"]:
            assert requests.get(search, headers={"Accept": kind}, timeout=30).status_code == 500
        metrics = requests.get(f"{server.root}/metrics", timeout=30).text
        assert "terrabyte_catalogue_damaged_rows 1\n" in metrics
        assert server.stop() == 0
        assert any(json.loads(line)["level"] == "error" for line in server.log if name in line)
    for command in [["verify"], ["export", "--to", str(tmp_path / "export")], ["backup", str(copy)], ["reindex"]]:
        result = terrabyte.run(home, *command, check=False)
        assert result.returncode == 1, command
        assert name in result.stdout + result.stderr and "terrabyte restore" in result.stderr, result
    manifest = json.loads((tmp_path / "export" / COLLECTION / "_export" / "manifest.json").read_text())
    assert sum(file["items"] for file in manifest["files"]) == 1970
    # The next export does not take the file for complete.
    assert terrabyte.run(home, "export", "--to", str(tmp_path / "export"), check=False).returncode == 1
    assert (copy / "catalogue.sqlite").read_bytes() == sound
    new = tmp_path / "new"
    terrabyte.run(new, "restore", str(copy))
    assert terrabyte.run(new, "verify").stdout.endswith("No fault found\n")


def test_damaged_index(home, server):
    """The server repairs its index; until then a search that needs the damaged part gets 503, never a wrong page."""
    expected = requests.get(
        f"{server.url}/search?limit=1&bbox=5,45,15,55&sortby=eo:cloud_cover", timeout=30).json()["numberMatched"]
    largest = max((home / "index").glob("*.tbseg"), key=lambda path: path.stat().st_size)
    content = bytearray(largest.read_bytes())
    for place in range(1000, len(content) - 5000, 4096):
        content[place] ^= 1
    largest.write_bytes(content)
    report = terrabyte.run(home, "verify", check=False)
    assert report.returncode == 1 and largest.name in report.stdout and "terrabyte reindex" in report.stderr
    with terrabyte.Server(home) as server:
        def count(query):
            deadline = time.monotonic() + 120
            while time.monotonic() < deadline:
                page = requests.get(f"{server.url}/search?limit=1&{query}", timeout=30)
                if page.status_code == 200:
                    return page.json()["numberMatched"]
                assert page.status_code == 503 and page.json()["code"] == "IndexDamaged", page.text
                assert int(page.headers["Retry-After"]) > 0
                time.sleep(0.05)
            raise AssertionError("the index is not repaired:\n" + "".join(server.log))

        assert count("bbox=5,45,15,55&sortby=eo:cloud_cover") == expected
        assert count("") == 20169
        assert server.stop() == 0
    assert terrabyte.run(home, "verify").stdout == "No fault found\n"


def test_misspelt_home(tmp_path):
    missing = tmp_path / "misspelt"
    for command in [
            ["status"], ["verify"], ["reindex"], ["backup", str(tmp_path / "copy")], ["serve", "--port", "0"],
            ["export", "--to", str(tmp_path / "export")], ["collections", "list"], ["collections", "get", "a"],
            ["collections", "delete", "a"], ["items", "get", "--collection", "a", "b"],
            ["items", "delete", "--collection", "a", "b"], ["items", "load", "--collection", "a", __file__]]:
        result = terrabyte.run(missing, *command, check=False)
        assert result.returncode == 1 and str(missing) in result.stderr, command
        assert len(result.stderr.splitlines()) == 1, result.stderr
        assert not missing.exists(), command


@pytest.fixture
def read_only(home):
    """The catalogue's directory as seen by somebody who may not write to it, and how to become that person."""
    for path in [home, *home.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    parent = home
    while os.geteuid() == 0 and parent != parent.parent:
        parent = parent.parent
        if parent.stat().st_mode & 0o055 != 0o055:
            parent.chmod(parent.stat().st_mode | 0o055)
    yield {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    for path in [home, *home.rglob("*")]:
        path.chmod(0o755)


def test_read_only_home(home, read_only, tmp_path):
    if not os.access(terrabyte.EXECUTABLE, os.X_OK):
        pytest.skip("the executable is not for everybody")
    target = tmp_path / "target"
    target.mkdir()
    target.chmod(0o777)

    def run(*command):
        return subprocess.run(
            terrabyte.arguments(home, *command), capture_output=True, text=True, timeout=300,
            env=terrabyte.environment(), **read_only)

    before = sorted((path.name, path.stat().st_mtime_ns) for path in home.rglob("*"))
    probe = run("status")
    if read_only and "Permission denied" in probe.stderr:
        pytest.skip("another user cannot reach the test's folder")
    assert "Index      up to date" in probe.stdout, probe
    assert run("collections", "list").stdout.count("\n") == 3
    assert run("verify").stdout == "No fault found\n"
    assert run("backup", str(target / "copy")).returncode == 0
    assert run("export", "--to", str(target / "export"), "--collection", COLLECTION).returncode == 0
    failed = run("items", "delete", "--collection", COLLECTION, "x")
    assert failed.returncode == 1 and "read" in failed.stderr and "Error" in failed.stderr
    process = subprocess.Popen(
        terrabyte.arguments(home, "serve", "--port", "0", "--read-only"), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env=terrabyte.environment(), **read_only)
    url = process.stdout.readline().split()[-1]
    assert requests.get(f"{url}/public/api/search?limit=1", timeout=30).json()["numberMatched"] == 20169
    assert requests.get(f"{url}/readyz", timeout=30).status_code == 200
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert sorted((path.name, path.stat().st_mtime_ns) for path in home.rglob("*")) == before


def test_server_beside_load(home):
    """A server that starts while a load runs listens at once, and sees what has been loaded."""
    template = terrabyte.run(
        home, "items", "get", "--collection", COLLECTION,
        sqlite3.connect(home / "catalogue.sqlite").execute(
            "SELECT id FROM item_key WHERE collection = (SELECT number FROM collection WHERE id = ?) LIMIT 1",
            [COLLECTION]).fetchone()[0]).stdout
    item = json.loads(template)
    load = subprocess.Popen(
        terrabyte.arguments(home, "items", "load", "--collection", COLLECTION, "-"), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=terrabyte.environment())

    def write(numbers):
        for number in numbers:
            load.stdin.write(json.dumps(item | {"id": f"loaded-{number}"}) + "\n")
        load.stdin.flush()

    write(range(5000))
    with terrabyte.Server(home) as server:
        assert load.poll() is None
        count = lambda: requests.get(f"{server.url}/search?limit=1", timeout=30).json()["numberMatched"]
        assert count() >= 20169
        write(range(5000, 6000))
        out, errors = load.communicate(timeout=120)
        assert load.returncode == 0, errors
        for _ in range(300):
            if count() == 26169:
                break
        assert count() == 26169
        assert server.stop() == 0
    assert terrabyte.run(home, "verify").stdout == "No fault found\n"


def test_interrupted_load(home):
    """Ctrl-C ends a load with a summary of what is stored."""
    load = subprocess.Popen(
        terrabyte.arguments(home, "items", "load", "--collection", COLLECTION, "-"), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=terrabyte.environment())
    line = terrabyte.run(home, "items", "get", "--collection", COLLECTION, sqlite3.connect(
        home / "catalogue.sqlite").execute(
            "SELECT id FROM item_key WHERE collection = (SELECT number FROM collection WHERE id = ?) LIMIT 1",
            [COLLECTION]).fetchone()[0]).stdout
    item = json.loads(line)
    try:
        for number in range(20000):
            load.stdin.write(json.dumps(item | {"id": f"loaded-{number}"}) + "\n")
            if number == 12000:
                load.stdin.flush()
                load.send_signal(signal.SIGINT)
    except BrokenPipeError:
        pass
    out, errors = load.communicate(timeout=120)
    assert load.returncode == 130, (load.returncode, errors)
    created = int(out.split(" created")[0].split()[-1].replace(",", ""))
    assert "Interrupted" in errors
    count = terrabyte.run(home, "status").stdout.split(f"  {COLLECTION}")[0].split()[-1].replace(",", "")
    assert int(count) == 1971 + created


def test_rejected_files(home, tmp_path):
    """Files that hold no Items are not reported line by line."""
    binary = tmp_path / "image.tif"
    binary.write_bytes(b"II*\0" + os.urandom(1_000_000))
    text = tmp_path / "text.ndjson"
    text.write_text("no Item\n" * 5000)
    result = terrabyte.run(home, "items", "load", "--collection", COLLECTION, str(binary), check=False)
    assert result.returncode == 2 and len(result.stderr.splitlines()) == 1 and "no file of Items" in result.stderr
    result = terrabyte.run(home, "items", "load", "--collection", COLLECTION, str(text), check=False)
    assert result.returncode == 1 and 1000 <= len(result.stderr.splitlines()) <= 1002
    assert "--max-rejects" in result.stderr and "5,000 rejected" in result.stdout
    result = terrabyte.run(
        home, "items", "load", "--collection", COLLECTION, "--max-rejects", "9999", str(text), check=False)
    assert result.returncode == 2 and len(result.stderr.splitlines()) == 5000
