"""A full disk gives a clear error, searches go on, and so does writing when there is room again."""

import json
import os
import pathlib
import shutil
import subprocess

import pytest
import requests

import terrabyte

COLLECTION = "landsat-ot-c2-l2"


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", folder], capture_output=True, text=True)
    if mount.returncode != 0:
        pytest.skip(f"no small file system can be mounted: {mount.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder):
    """Takes all the room that is left."""
    ballast = pathlib.Path(folder) / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(os.urandom(65536))
        except OSError:
            pass
    return ballast


def test_full_disk(small_disk, demo_home, operator):
    home = small_disk / "home"
    shutil.copytree(demo_home, home)
    with terrabyte.Server(home) as server:
        items = f"{server.url}/collections/{COLLECTION}/items"
        template = requests.get(f"{items}?limit=1", timeout=30).json()
        total = template["numberMatched"]
        template = template["features"][0] | {"links": []}

        def post(number):
            noise = os.urandom(50_000).hex()
            body = template | {"id": f"new-{number}", "properties": template["properties"] | {"noise": noise}}
            return operator.post(items, json=body, timeout=60)

        ballast = fill(small_disk)
        # What the log has room for may still be written.
        written, full = 0, None
        for number in range(1000):
            response = post(number)
            if response.status_code != 201:
                full = response
                break
            written += 1
        assert full is not None and full.status_code == 507, full
        assert full.headers["Content-Type"] == "application/problem+json"
        assert full.json()["code"] == "StoreFull"

        page = requests.get(f"{items}?limit=100&sortby=eo:cloud_cover", timeout=30).json()
        assert page["numberMatched"] == total + written
        assert len(page["features"]) == 100

        load = terrabyte.run(
            home, "items", "load", "--collection", COLLECTION, "-", check=False,
            input=requests.get(f"{items}/{template['id']}", timeout=30).text.replace(template["id"], "loaded", 1))
        assert load.returncode == 1
        assert "no room" in load.stderr.lower() or "full" in load.stderr.lower(), load.stderr

        ballast.unlink()
        response = post(1000)
        assert response.status_code == 201, response.text
        found = requests.get(f"{server.url}/search?ids=new-1000", timeout=30).json()
        assert found["numberMatched"] == 1
        assert server.stop() == 0
    assert terrabyte.run(home, "verify").stdout == "No fault found\n"


def test_start_on_full_disk(small_disk, demo_home):
    """With an index that is behind and no space at all, everything that only reads starts and sees what was written."""
    home = small_disk / "home"
    shutil.copytree(demo_home, home)
    for name in ["catalogue.sqlite-wal", "catalogue.sqlite-shm"]:
        (home / name).unlink(missing_ok=True)
    with terrabyte.Server(home) as server:
        template = requests.get(f"{server.url}/collections/{COLLECTION}/items?limit=1", timeout=30).json()["features"][0]
        # Killed before the index was written: the newest Items are in the store alone.
        lines = "".join(json.dumps(template | {"id": f"new-{number}", "links": []}) + "\n" for number in range(50))
        terrabyte.run(home, "items", "load", "--collection", COLLECTION, "-", input=lines)
        server.kill()
    fill(small_disk)
    assert "2,021" in terrabyte.run(home, "status").stdout
    assert terrabyte.run(home, "verify").stdout.endswith("No fault found\n")
    with terrabyte.Server(home) as server:
        found = requests.get(f"{server.url}/search?ids=new-7", timeout=30).json()
        assert found["numberMatched"] == 1
        assert requests.get(f"{server.root}/readyz", timeout=30).status_code == 200
        metrics = requests.get(f"{server.root}/metrics", timeout=30).text
        free = next(line for line in metrics.splitlines() if line.startswith("terrabyte_home_free_bytes "))
        assert float(free.split()[1]) < 1_000_000
        assert server.stop() == 0
