"""What was acknowledged survives kill -9 at any moment, and nothing needs repair by hand.

A load acknowledges Items with the progress that it prints, a server each with its response.
"""

import concurrent.futures
import contextlib
import itertools
import json
import os
import pty
import random
import re
import subprocess
import threading
import time

import pytest
import requests

import rounds
import terrabyte

# Of loads, and as many of servers.
ROUNDS = rounds.count(8)
SEED = rounds.seed(20260101)
COLLECTION = "crash"
ITEMS = 20_000


def item(number, revision=0):
    return {
        "type": "Feature", "stac_version": "1.1.0", "id": f"item-{number:06}", "collection": COLLECTION,
        "geometry": {"type": "Point", "coordinates": [number % 360 - 180, number % 170 - 85]},
        "bbox": [number % 360 - 180, number % 170 - 85] * 2,
        "properties": {
            "datetime": f"20{number % 30:02}-01-01T00:00:00Z", "eo:cloud_cover": number * 7 % 101, "revision": revision,
            # What does not compress, so that a load takes its time.
            "checksum": random.Random(number).randbytes(200).hex(),
        },
        "links": [], "assets": {},
    }


@pytest.fixture(scope="module")
def items_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("items") / "items.ndjson"
    with path.open("w") as file:
        for number in range(ITEMS):
            file.write(json.dumps(item(number)) + "\n")
    return path


def killed_load(home, items_file, delay, *options, from_first_items=False):
    """Runs a load for so many seconds, or so many after it has counted its first Items.

    Returns how many Items of the file it has counted as read and written, and whether it came to its end.
    """
    # On a terminal, progress is shown five times a second.
    terminal, child = pty.openpty()
    command = ["items", "load", "--collection", COLLECTION, "--create-collection", *options, str(items_file)]
    process = subprocess.Popen(
        terrabyte.arguments(home, *command), stdout=child, stderr=child, env=terrabyte.environment())
    os.close(child)
    output = bytearray()
    has_begun = threading.Event()

    def read():
        # EIO: the other end is closed.
        with contextlib.suppress(OSError):
            while chunk := os.read(terminal, 65536):
                output.extend(chunk)
                if re.search(rb"[1-9][\d,]* Items", output):
                    has_begun.set()
        has_begun.set()

    reader = threading.Thread(target=read)
    reader.start()
    if from_first_items:
        assert has_begun.wait(timeout=60)
    try:
        process.wait(timeout=delay)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    reader.join(timeout=30)
    os.close(terminal)
    text = output.decode()
    assert "rejected" not in text.replace("0 rejected", ""), text
    assert process.returncode in (0, -9), text
    counts = [int(count.replace(",", "")) for count in re.findall(r"([\d,]+) Items", text)]
    return max(counts, default=0), process.returncode == 0


def revisions_of(server):
    """The revision of each Item by its id, as searches see them."""
    url = (
        f"{server.url}/collections/{COLLECTION}/items?limit=10000"
        "&fields=id,properties.revision,-geometry,-bbox,-assets,-links")
    found = []
    while url:
        response = requests.get(url, timeout=120)
        assert response.status_code == 200, response.text
        page = response.json()
        found += [(feature["id"], feature["properties"]["revision"]) for feature in page["features"]]
        url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert len(found) == page["numberMatched"]
    revisions = dict(found)
    assert len(revisions) == len(found), "an Item is there twice"
    return revisions


def verify(home):
    result = terrabyte.run(home, "verify", check=False)
    # A load may be killed before it has begun the catalogue.
    if "no catalogue" not in result.stderr and "not a catalogue" not in result.stderr:
        assert result.stdout.endswith("No fault found\n"), result.stdout + result.stderr


@pytest.mark.alone
def test_killed_loads(items_file, tmp_path):
    """Loads, each of which goes on where the one before was killed, or starts anew."""
    generator = random.Random(SEED)
    homes = itertools.count()
    home, acknowledged = tmp_path / f"home-{next(homes)}", 0
    partial_rounds = 0
    for round in range(ROUNDS):
        delay = generator.uniform(0.02, 1.5)
        # Half of them at any moment, half surely amid their work, however slow the machine is.
        counted, is_complete = killed_load(home, items_file, delay, from_first_items=round % 2 == 1)
        acknowledged = max(acknowledged, counted)
        partial_rounds += 0 < counted < ITEMS
        verify(home)
        stored = count(home)
        assert stored >= acknowledged, f"round {round} of seed {SEED}"
        if is_complete or round % 5 == 4:
            # What verify cannot see: that the Items are the right ones.
            with terrabyte.Server(home) if stored else contextlib.nullcontext() as server:
                ids = sorted(revisions_of(server)) if server else []
            # A load writes in the order of its file, one transaction after the other.
            assert ids == [f"item-{number:06}" for number in range(stored)], f"round {round} of seed {SEED}"
            home, acknowledged = tmp_path / f"home-{next(homes)}", 0
    assert partial_rounds >= ROUNDS / 4, "hardly any load was killed in its midst"


def count(home):
    """Items by `terrabyte status`."""
    match = re.search(rf"([\d,]+)  {COLLECTION}$", terrabyte.run(home, "status", check=False).stdout, re.MULTILINE)
    return int(match[1].replace(",", "")) if match else 0


@pytest.mark.alone
def test_killed_server(tmp_path):
    """A server that takes writes, and has to merge what a load in another process writes meanwhile."""
    generator = random.Random(SEED + 1)
    home = tmp_path / "home"
    part = tmp_path / "part.ndjson"
    # Revision by id of what has been acknowledged.
    expected = {}
    next_number = itertools.count()

    def load():
        """Loads so many Items that the index puts them into files at once."""
        numbers = list(itertools.islice(next_number, 9_000))
        part.write_text("".join(json.dumps(item(number)) + "\n" for number in numbers))
        _, is_complete = killed_load(home, part, 60)
        assert is_complete
        return {f"item-{number:06}": 0 for number in numbers}

    expected |= load()
    fresh, revisions = itertools.count(500_000), itertools.count(1)
    for round in range(ROUNDS):
        what = f"round {round} of seed {SEED}"
        changes = Changes()
        server = terrabyte.Server(home)
        ids = sorted(expected)
        threads = [
            threading.Thread(
                target=write,
                args=(server, random.Random(f"{SEED}/{round}/{part}"), ids[part::4], changes, fresh, revisions))
            for part in range(4)
        ]
        for thread in threads:
            thread.start()
        with concurrent.futures.ThreadPoolExecutor() as executor:
            loading = executor.submit(load) if round % 10 == 3 else None
            time.sleep(generator.uniform(0.05, 0.8))
            server.kill()
            for thread in threads:
                thread.join()
            if loading:
                loaded = loading.result()
                expected |= loaded
                changes.acknowledged |= loaded
        assert not changes.rejected, f"{what}: {changes.rejected[:3]}"
        verify(home)
        with terrabyte.Server(home) as server:
            # A write without a response may have happened or not.
            for id, revision in changes.unanswered.items():
                found = revision_of(server, id)
                assert found in (revision, changes.acknowledged.get(id, expected.get(id))), f"{what}: {id}"
                changes.acknowledged[id] = found
            expected |= changes.acknowledged
            expected = {id: revision for id, revision in expected.items() if revision is not None}
            if round % 8 == 0 or round == ROUNDS - 1:
                found = revisions_of(server)
                wrong = [id for id in found.keys() | expected.keys() if found.get(id) != expected.get(id)]
            else:
                assert matched(server) == len(expected), what
                sample = list(changes.acknowledged)[-100:]
                wrong = [id for id in sample if revision_of(server, id) != expected.get(id)]
            assert not wrong, f"{what}: {wrong[:5]}"


def matched(server):
    return requests.get(f"{server.url}/search?collections={COLLECTION}&limit=1", timeout=30).json()["numberMatched"]


def revision_of(server, id):
    """None: there is no such Item."""
    response = requests.get(f"{server.url}/collections/{COLLECTION}/items/{id}", timeout=30)
    return response.json()["properties"]["revision"] if response.ok else None


class Changes:
    """What some threads have written. Revisions by id; None: deleted."""

    def __init__(self):
        self.acknowledged = {}
        # Sent, but not answered.
        self.unanswered = {}
        self.rejected = []


def write(server, generator, ids, changes, fresh, revisions):
    """Writes until the server is gone; each thread has ids of its own."""
    items = f"{server.url}/collections/{COLLECTION}/items"
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {terrabyte.TOKEN}"
        while True:
            kind = generator.choice(["POST", "PUT", "PUT", "DELETE"])
            revision = None if kind == "DELETE" else next(revisions)
            if kind == "POST":
                number = next(fresh)
                id, url = f"item-{number:06}", items
            else:
                id = ids[generator.randrange(len(ids))]
                number, url = int(id.removeprefix("item-")), f"{items}/{id}"
            if kind == "DELETE":
                ids.remove(id)
            changes.unanswered[id] = revision
            try:
                response = session.request(
                    kind, url, json=None if revision is None else item(number, revision), timeout=30)
            except requests.RequestException:
                return
            if not response.ok:
                changes.rejected.append(f"{kind} {id}: {response.text}")
                return
            changes.acknowledged[id] = revision
            del changes.unanswered[id]
            if kind == "POST":
                ids.append(id)
