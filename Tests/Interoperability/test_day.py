"""A day of a catalogue in a few seconds: loads, writes and removals over HTTP, searches, merges, backups and restarts, all
at once; in the end whatever counts Items agrees.
"""

import collections
import contextlib
import json
import random
import re
import shutil
import threading
import time

import pytest
import requests

import rounds
import terrabyte

SECONDS = rounds.count(10)
SEED = rounds.seed(20260301)
COLLECTIONS = ["day-0", "day-1"]
AUTHORIZATION = {"Authorization": f"Bearer {terrabyte.TOKEN}"}


def item(collection, item_id, revision, number):
    west, south = number * 7 % 350 - 175, number * 11 % 160 - 80
    return {
        "type": "Feature", "stac_version": "1.1.0", "id": item_id, "collection": collection,
        "geometry": {
            "type": "Polygon",
            "coordinates": [[
                [west, south], [west + 2, south], [west + 2, south + 2], [west, south + 2], [west, south],
            ]],
        },
        "bbox": [west, south, west + 2, south + 2],
        "properties": {
            "datetime": f"20{number % 25 + 10}-{number % 12 + 1:02}-01T00:00:00Z", "revision": revision,
            "eo:cloud_cover": number * 13 % 101,
        },
        "links": [], "assets": {"data": {"href": f"file:///data/{item_id}.tif"}},
    }


class Day:
    """What happens, and what must be there in the end: the revision of every Item by Collection and id.

    Each Item belongs to one writer alone, so that its last acknowledged revision is known.
    """

    def __init__(self, home, folder):
        self.home, self.folder = home, folder
        self.expected = {name: {} for name in COLLECTIONS}
        self.lock = threading.Lock()
        self.evening = threading.Event()
        # Requests that may go on only while a server runs.
        self.server, self.serving = None, threading.Condition()
        self.under_way = 0
        # Responses since the server was started last, by status.
        self.responses = collections.Counter()
        self.failures = []

    # Serving

    def start(self):
        with self.serving:
            self.server = terrabyte.Server(self.home)
            self.responses.clear()
            self.serving.notify_all()

    def restart(self):
        """No request is under way meanwhile; loads are."""
        with self.serving:
            server, self.server = self.server, None
            self.serving.wait_for(lambda: self.under_way == 0)
        assert server.stop() == 0
        self.start()

    @contextlib.contextmanager
    def request(self):
        with self.serving:
            self.serving.wait_for(lambda: self.server is not None or self.failures)
            assert self.server is not None, "There is no server any more."
            self.under_way += 1
            url = self.server.url
        try:
            yield url
        finally:
            with self.serving:
                self.under_way -= 1
                self.serving.notify_all()

    def ask(self, session, method, path, **options):
        with self.request() as url:
            response = session.request(method, url + path, timeout=120, **options)
            with self.lock:
                self.responses[response.status_code] += 1
        assert response.status_code < 500, f"{method} {path}: {response.status_code} {response.text[:300]}"
        return response

    # Those who live that day

    def live(self, name, body):
        def run():
            chance = random.Random(f"{SEED}-{name}")
            try:
                with requests.Session() as session:
                    number = 0
                    while not self.evening.is_set():
                        number += 1
                        body(session, chance, number)
            except BaseException as error:  # noqa: BLE001: whatever it is, the test has to know.
                with self.serving:
                    self.failures.append((name, repr(error)))
                    self.serving.notify_all()
                self.evening.set()

        thread = threading.Thread(target=run, name=name)
        thread.start()
        return thread

    def write(self, session, chance, number):
        collection, item_id = chance.choice(COLLECTIONS), f"http-{chance.randrange(200)}"
        path, mine = f"/collections/{collection}/items", self.expected[collection]
        if item_id not in mine:
            created = item(collection, item_id, number, number)
            response = self.ask(session, "POST", path, json=created, headers=AUTHORIZATION)
            assert response.status_code == 201
            mine[item_id] = number
        elif chance.random() < 0.3:
            response = self.ask(session, "DELETE", f"{path}/{item_id}", headers=AUTHORIZATION)
            assert response.status_code == 200
            del mine[item_id]
        elif chance.random() < 0.5:
            patch = {"properties": {"revision": number}}
            response = self.ask(session, "PATCH", f"{path}/{item_id}", json=patch, headers=AUTHORIZATION)
            assert response.status_code == 200 and response.json()["properties"]["revision"] == number
            mine[item_id] = number
        else:
            changed = item(collection, item_id, number, number)
            response = self.ask(session, "PUT", f"{path}/{item_id}", json=changed, headers=AUTHORIZATION)
            assert response.status_code == 200
            mine[item_id] = number
        # Read your own writes, by id and by search.
        response = self.ask(session, "GET", f"{path}/{item_id}")
        found = self.ask(session, "GET", f"/search?collections={collection}&ids={item_id}").json()
        if item_id in mine:
            assert response.json()["properties"]["revision"] == number
            assert [feature["properties"]["revision"] for feature in found["features"]] == [number]
        else:
            assert response.status_code == 404 and found["numberMatched"] == 0

    def load(self, session, chance, number):
        """A process of its own, beside the server or while none runs."""
        collection = COLLECTIONS[number % 2]
        first = chance.randrange(3_000)
        revisions = {f"load-{index}": number for index in range(first, first + chance.randrange(200, 2_000))}
        path = self.folder / f"load-{number}.ndjson"
        with path.open("w") as file:
            for index, item_id in enumerate(revisions):
                file.write(json.dumps(item(collection, item_id, number, first + index)) + "\n")
        terrabyte.run(self.home, "items", "load", "--collection", collection, str(path))
        path.unlink()
        self.expected[collection].update(revisions)
        if chance.random() < 0.5:
            removed = chance.sample(sorted(revisions), 100)
            terrabyte.run(self.home, "items", "delete", "--collection", collection, *removed)
            for item_id in removed:
                del self.expected[collection][item_id]

    def read(self, session, chance, number):
        """Pages never give an Item twice, whoever writes meanwhile."""
        west, south = chance.randrange(-175, 100), chance.randrange(-80, 40)
        body = {
            "bbox": [west, south, west + 60, south + 40], "limit": 50, "filter-lang": "cql2-text",
            "filter": f"eo:cloud_cover < {chance.randrange(101)}",
            "sortby": [{"field": chance.choice(["datetime", "id"]), "direction": chance.choice(["asc", "desc"])}],
        }
        seen = []
        for _ in range(5):
            page = self.ask(session, "POST", "/search", json=body).json()
            seen += [(feature["collection"], feature["id"]) for feature in page["features"]]
            following = next((link for link in page["links"] if link["rel"] == "next"), None)
            if following is None:
                break
            body = following["body"]
        assert len(set(seen)) == len(seen)
        self.ask(session, "GET", f"/aggregate?aggregations=total_count&collections={chance.choice(COLLECTIONS)}")

    def keep(self, session, chance, number):
        """Backups are catalogues themselves, whole as of one moment."""
        copy = self.folder / f"backup-{number}"
        terrabyte.run(self.home, "backup", str(copy))
        terrabyte.run(copy, "verify")
        with terrabyte.Server(copy) as restored:
            for name in COLLECTIONS:
                count = len(items(restored.url, name))
                described = requests.get(f"{restored.url}/collections/{name}", timeout=60).json()
                assert count == 0 or described["stats:items"]["count"] == count
        shutil.rmtree(copy)
        self.evening.wait(SECONDS / 10)
        self.restart()


def items(url, collection):
    """Revisions by id, from pages."""
    found, following = {}, f"{url}/collections/{collection}/items?limit=1000"
    while following:
        page = requests.get(following, timeout=120).json()
        for feature in page["features"]:
            assert feature["id"] not in found
            found[feature["id"]] = feature["properties"]["revision"]
        following = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert page["numberMatched"] == len(found)
    return found


def metrics(root):
    lines = requests.get(f"{root}/metrics", timeout=60).text.splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}


def test_all_counts_agree_at_the_end_of_a_day(tmp_path):
    home = tmp_path / "home"
    for name in COLLECTIONS:
        collection = {
            "type": "Collection", "stac_version": "1.1.0", "id": name, "description": "A day", "license": "other",
            "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [[None, None]]}},
            "links": [],
        }
        terrabyte.run(home, "collections", "put", "-", input=json.dumps(collection))
    day = Day(home, tmp_path)
    day.start()
    people = [
        day.live(name, body)
        for name, body in [
            ("writer", day.write), ("loader", day.load), ("reader", day.read), ("other reader", day.read),
            ("keeper", day.keep),
        ]
    ]
    # The length of a day, not a wait for something to happen.
    day.evening.wait(SECONDS)
    day.evening.set()
    for person in people:
        person.join()
    assert day.failures == []

    before = metrics(day.server.root)
    counted = sum(
        value for name, value in before.items()
        if name.startswith("terrabyte_http_requests_total") and 'route="/public/api' in name)
    assert counted == sum(day.responses.values())
    assert day.server.stop() == 0
    expected = {name: len(revisions) for name, revisions in day.expected.items()}
    assert sum(expected.values()) > 200

    # Another start, so that nothing is left to be followed.
    with terrabyte.Server(home) as server:
        for name, revisions in day.expected.items():
            assert items(server.url, name) == revisions
            described = requests.get(f"{server.url}/collections/{name}", timeout=60).json()
            assert described["stats:items"]["count"] == expected[name]
            counted = requests.get(
                f"{server.url}/collections/{name}/aggregate?aggregations=total_count", timeout=60).json()
            assert counted["aggregations"][0]["value"] == expected[name]
        after = metrics(server.root)
        assert after["terrabyte_catalogue_items"] == sum(expected.values())
        assert after["terrabyte_catalogue_collections"] == len(COLLECTIONS)
        assert after["terrabyte_index_lag_changes"] == 0
        assert after["terrabyte_catalogue_changes_total"] >= before["terrabyte_catalogue_changes_total"]
        status = terrabyte.run(home, "status").stdout
        for name, count in expected.items():
            assert re.search(rf"^ *{count:,} +{name}$", status, re.MULTILINE), status
    terrabyte.run(home, "verify")
