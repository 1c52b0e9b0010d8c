"""A catalogue in PostgreSQL responds as one in SQLite does, byte for byte."""

import json
import random
import re
import subprocess
import threading
import time

import pytest
import requests

import postgresql
import rounds
import terrabyte

AUTHORIZATION = {"Authorization": f"Bearer {terrabyte.TOKEN}"}
# The same for all servers, so that their links and the checksums of these are the same.
SETTINGS = {"SERVER_PUBLIC_URL": "http://server.invalid"}
COLLECTIONS = ["landsat-ot-c2-l2", "sentinel-1-grd", "sentinel-2-c1-l2a"]


@pytest.fixture(scope="module")
def database():
    with postgresql.server() as url:
        yield url


@pytest.fixture(scope="module")
def servers(database, demo_copy, tmp_path_factory):
    """One on SQLite and one on PostgreSQL, each with the demo catalogue."""
    home = tmp_path_factory.mktemp("postgresql") / "home"
    terrabyte.run(home, "demo", "--database", database)
    with terrabyte.Server(demo_copy(), SETTINGS) as sqlite, terrabyte.Server(home, SETTINGS, ["--database", database]) as postgres:
        yield sqlite, postgres


# Requests


def area(chance):
    west, south = round(chance.uniform(-20, 30), 3), round(chance.uniform(30, 65), 3)
    return west, south, round(west + chance.uniform(0.1, 20), 3), round(south + chance.uniform(0.1, 15), 3)


def ring(chance):
    west, south, east, north = area(chance)
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}


def interval(chance):
    start = f"20{chance.randrange(15, 26)}-{chance.randrange(1, 13):02}-01T00:00:00Z"
    end = f"20{chance.randrange(15, 26)}-{chance.randrange(1, 13):02}-28T23:59:59.5Z"
    return chance.choice([f"{min(start, end)}/{max(start, end)}", f"{start}/..", f"../{end}"])


def condition(chance, depth=2):
    cloud = {"property": "eo:cloud_cover"}
    platform = {"property": "platform"}
    choices = [
        lambda: {"op": chance.choice(["<", "<=", ">", ">=", "=", "<>"]), "args": [cloud, chance.randrange(101)]},
        lambda: {"op": "between", "args": [cloud, chance.randrange(50), chance.randrange(50, 101)]},
        lambda: {"op": "like", "args": [platform, chance.choice(["sentinel-%", "%a", "landsat-_", "x"])]},
        lambda: {"op": "in", "args": [platform, ["sentinel-1a", "sentinel-2a", "landsat-8"][: chance.randrange(1, 4)]]},
        lambda: {"op": "isNull", "args": [cloud]},
        lambda: {"op": "s_intersects", "args": [{"property": "geometry"}, ring(chance)]},
        lambda: {"op": "t_after", "args": [
            {"property": "datetime"}, {"timestamp": f"20{chance.randrange(15, 26)}-05-01T00:00:00Z"}]},
        lambda: {"op": "a_contains", "args": [{"property": "instruments"}, [chance.choice(["msi", "oli", "c-sar"])]]},
    ]
    if depth and chance.random() < 0.6:
        return {"op": chance.choice(["and", "or"]), "args": [condition(chance, depth - 1) for _ in range(chance.randrange(2, 4))]}
    if depth and chance.random() < 0.2:
        return {"op": "not", "args": [condition(chance, depth - 1)]}
    return chance.choice(choices)()


def search(chance):
    body = {"limit": chance.choice([1, 3, 10, 50])}
    if chance.random() < 0.4:
        body[chance.choice(["bbox", "intersects"])] = None
        body = {name: value if value is not None else (list(area(chance)) if name == "bbox" else ring(chance))
                for name, value in body.items()}
    if chance.random() < 0.4:
        body["datetime"] = interval(chance)
    if chance.random() < 0.5:
        body["collections"] = chance.sample(COLLECTIONS, chance.randrange(1, 4))
    if chance.random() < 0.5:
        body["filter"] = condition(chance)
    if chance.random() < 0.3:
        body["sortby"] = [{
            "field": chance.choice(["datetime", "id", "properties.eo:cloud_cover", "properties.platform"]),
            "direction": chance.choice(["asc", "desc"])}]
    if chance.random() < 0.3:
        body["fields"] = chance.choice([
            {"include": ["id", "properties.datetime"]}, {"exclude": ["assets", "links"]}, {"include": ["properties.platform"]}])
    if chance.random() < 0.15:
        body["q"] = chance.choice(["sentinel", "landsat germany", "level-2"])
    if chance.random() < 0.15:
        body["query"] = {"eo:cloud_cover": {"lt": chance.randrange(101)}}
    return body


def random_request(chance, ids):
    """Method, path and body."""
    kind = chance.random()
    collection, item = chance.choice(ids)
    if kind < 0.6:
        return "POST", "/search", search(chance)
    if kind < 0.7:
        body = search(chance)
        for name in ["limit", "sortby", "fields"]:
            body.pop(name, None)
        return "POST", "/aggregate", body | {"aggregations": ["total_count", "datetime_frequency", "platform_frequency"]}
    if kind < 0.8:
        return "GET", f"/collections/{collection}/items/{item}", None
    if kind < 0.9:
        west, south, east, north = area(chance)
        return "GET", f"/collections/{collection}/items?limit={chance.randrange(1, 30)}&bbox={west},{south},{east},{north}", None
    return "GET", chance.choice([
        "", "/collections", f"/collections/{collection}", f"/collections/{collection}/queryables", "/queryables",
        f"/collections/{collection}/items/missing", "/collections/missing", "/search?bbox=1,2,3", "/conformance",
        "/collections?q=sentinel&limit=1", f"/collections/{collection}/items?ids={item}", "/search?limit=2&fields=id",
    ]), None


def respond(session, server, method, path, body, headers=None):
    """What may be compared."""
    response = session.request(method, server.url + path, json=body, headers=headers, timeout=60)
    return response.status_code, response.headers.get("Content-Type"), response.headers.get("ETag"), response.text


def next_request(text):
    for link in json.loads(text).get("links", []) if text.startswith("{") else []:
        if link.get("rel") == "next":
            path = re.sub(r"^http://server\.invalid/public/api", "", link["href"])
            return link.get("method", "GET"), path, link.get("body")
    return None


def ids(server):
    items = []
    for collection in COLLECTIONS:
        page = requests.get(f"{server.url}/collections/{collection}/items?limit=100", timeout=60).json()
        items += [(collection, feature["id"]) for feature in page["features"]]
    return items


# Tests


def test_random_requests_get_the_same_responses(servers):
    sqlite, postgres = servers
    known = ids(sqlite)
    statuses = set()
    chances = [random.Random(f"{rounds.seed(20261201)}-{number}") for number in range(rounds.count(120))]
    faulty = [("GET", "/search?bbox=1,2,3", None), ("GET", "/collections/missing", None)]
    for request in faulty + [random_request(chance, known) for chance in chances]:
        with requests.Session() as session:
            for _ in range(3):
                expected = respond(session, sqlite, *request)
                assert respond(session, postgres, *request) == expected, request
                statuses.add(expected[0])
                following = next_request(expected[3])
                if following is None:
                    break
                request = following
    assert {200, 400, 404} <= statuses and max(statuses) < 500


def changed(item, chance):
    item = json.loads(json.dumps(item))
    item["properties"]["eo:cloud_cover"] = chance.randrange(101)
    item["properties"]["note"] = chance.choice(["Größe", "1", ""])
    return item


def random_write(chance, items):
    """Method, path, body and headers."""
    collection, item = chance.choice(items)
    path = f"/collections/{collection}/items"
    new = changed(item, chance) | {"id": f"new-{chance.randrange(30)}"}
    condition = {"If-Match": chance.choice(['"1"', "*"])} if chance.random() < 0.2 else {}
    return chance.choice([
        lambda: ("POST", path, new, {}),
        lambda: ("POST", path, {"type": "FeatureCollection", "features": [
            new | {"id": f"many-{chance.randrange(40)}"} for _ in range(chance.randrange(1, 25))]}, {}),
        lambda: ("PUT", f"{path}/{new['id']}", new, condition),
        lambda: ("PUT", f"{path}/{item['id']}", changed(item, chance), condition),
        lambda: ("PATCH", f"{path}/{item['id']}", {"properties": {"eo:cloud_cover": chance.randrange(101)}}, condition),
        lambda: ("PATCH", f"{path}/{item['id']}", {"properties": {"datetime": "yesterday"}}, condition),
        lambda: ("DELETE", f"{path}/{new['id']}", None, condition),
        lambda: ("DELETE", f"{path}/{chance.choice(items)[1]['id']}", None, condition),
        lambda: ("POST", f"/collections/{collection}/bulk_items", {
            "method": "upsert", "items": {f"bulk-{n}": changed(item, chance) | {"id": f"bulk-{n}"} for n in range(20)}}, {}),
        lambda: ("PUT", f"/collections/{chance.choice(['a', 'b'])}", {
            "type": "Collection", "stac_version": "1.1.0", "id": chance.choice(["a", "b"]), "description": "A Collection.",
            "license": "other", "links": [], "title": str(chance.randrange(9)),
            "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [[None, None]]}}}, {}),
        lambda: ("PATCH", f"/collections/{collection}", {"title": f"Title {chance.randrange(9)}"}, condition),
        lambda: ("DELETE", f"/collections/{chance.choice(['a', 'b'])}", None, condition),
    ])()


def test_transactions_get_the_same_responses(servers, database, tmp_path):
    """And leave the same Items, so that exports are the same, too."""
    sqlite, postgres = servers
    items = []
    for collection in COLLECTIONS:
        page = requests.get(f"{sqlite.url}/collections/{collection}/items?limit=20", timeout=60).json()
        items += [(collection, feature) for feature in page["features"]]
    chance = random.Random(rounds.seed(20261202))
    statuses = set()
    with requests.Session() as session:
        for number in range(rounds.count(40)):
            method, path, body, headers = random_write(chance, items)
            expected = respond(session, sqlite, method, path, body, headers | AUTHORIZATION)
            assert respond(session, postgres, method, path, body, headers | AUTHORIZATION) == expected, (number, method, path)
            statuses.add(expected[0])
            request = "POST", "/search", search(chance) | {"sortby": [{"field": "id", "direction": "desc"}]}
            assert respond(session, postgres, *request) == respond(session, sqlite, *request), (number, request)
    assert {200, 201, 404, 409, 412} <= statuses and max(statuses) < 500
    exports = []
    for server, arguments in [(sqlite, ()), (postgres, ("--database", database))]:
        assert "No fault found" in terrabyte.run(server.home, "verify", *arguments).stdout
        folder = tmp_path / f"export-{len(exports)}"
        terrabyte.run(server.home, "export", "--collection", COLLECTIONS[0], "--to", str(folder), *arguments)
        exports.append({path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.parquet")})
    assert exports[0] == exports[1] != {}


def test_a_second_node_follows(servers, database, tmp_path):
    """Each node sees its own writes at once, and those of the other within half a second."""
    _, first = servers
    collection = COLLECTIONS[0]
    item = requests.get(f"{first.url}/collections/{collection}/items?limit=1", timeout=60).json()["features"][0]
    with terrabyte.Server(tmp_path / "home", SETTINGS, ["--database", database]) as second:
        lags = []
        for number in range(10):
            writer, reader = (first, second) if number % 2 else (second, first)
            new = changed(item, random.Random(number)) | {"id": f"node-{number}"}
            response = requests.post(f"{writer.url}/collections/{collection}/items", json=new, headers=AUTHORIZATION, timeout=60)
            assert response.status_code == 201
            written = time.monotonic()
            search = {"ids": [new["id"]]}
            own = requests.post(f"{writer.url}/search", json=search, timeout=60).json()
            assert own["numberMatched"] == 1
            while requests.post(f"{reader.url}/search", json=search, timeout=60).json()["numberMatched"] == 0:
                assert time.monotonic() - written < 60, "The other node does not see the Item."
            lags.append(time.monotonic() - written)
        assert sorted(lags)[len(lags) // 2] < 0.5, lags
        with requests.Session() as session:
            request = "GET", f"/collections/{collection}/items/node-0", None
            assert respond(session, second, *request) == respond(session, first, *request)


def test_readiness_does_not_wait_for_the_database(tmp_path):
    """A node is ready while PostgreSQL is away for less than `catalogue.readyLagSeconds`, and says at once whether it is."""
    slow = []

    def ask(server, path):
        begin = time.monotonic()
        response = requests.get(server.root + path, timeout=60)
        slow.append(time.monotonic() - begin)
        return response

    def wait_for(server, status):
        end = time.monotonic() + 60
        while (response := ask(server, "/readyz")).status_code != status:
            assert time.monotonic() < end, response.text
            time.sleep(0.05)
        return response

    with postgresql.server() as url:
        arguments = ["--create", "--database", url]
        with terrabyte.Server(tmp_path / "home", {"CATALOGUE_READY_LAG_SECONDS": 4}, arguments) as server:
            wait_for(server, 200)
            postgresql.stop(url)
            begin = time.monotonic()
            # Requests that wait for the database take all threads.
            threads = [threading.Thread(target=requests.get, args=(f"{server.url}/collections",)) for _ in range(40)]
            for thread in threads:
                thread.start()
            assert ask(server, "/readyz").status_code == 200
            missing = wait_for(server, 503).json()["missing"]
            assert 3 < time.monotonic() - begin < 10
            assert "searches may not see what was written in the last" in missing["index"]
            metrics = ask(server, "/metrics").text
            lag = float(re.search(r"^terrabyte_index_lag_seconds (\S+)$", metrics, re.MULTILINE)[1])
            assert 3 < lag < 20 and "terrabyte_catalogue_items" not in metrics
            postgresql.restart(url, "fast")
            wait_for(server, 200)
            for thread in threads:
                thread.join()
            assert "terrabyte_catalogue_items 0" in ask(server, "/metrics").text
    # The others wait for fifteen seconds. One may wait for its turn on a busy machine.
    assert sorted(slow)[len(slow) // 2] < 0.5 and max(slow) < 5, slow


def test_commands(servers, database, tmp_path):
    """Every command that uses the catalogue takes the database, and one that reads makes nothing."""
    home = tmp_path / "home"
    option = "--database", database.replace("/postgres?", "/template1?")
    missing = terrabyte.run(home, "status", *option, check=False)
    assert missing.returncode == 1 and "There is no catalogue in postgresql://" in missing.stderr
    backup = terrabyte.run(home, "backup", str(tmp_path / "copy"), "--database", database, check=False)
    assert backup.returncode == 1 and "pg_dump" in backup.stderr
    assert not (tmp_path / "copy").exists()
    restore = terrabyte.run(home, "restore", str(tmp_path / "copy"), "--database", database, check=False)
    assert restore.returncode == 1 and "pg_restore" in restore.stderr
    status = terrabyte.run(home, "status", "--database", database).stdout
    assert "Catalogue  postgresql://" in status and COLLECTIONS[0] in status
    assert not home.exists()
    listed = terrabyte.run(home, "collections", "list", "--database", database).stdout
    assert all(name in listed for name in COLLECTIONS)
    unreachable = terrabyte.run(home, "status", "--database", database.replace("/postgres?", "/missing?"), check=False)
    assert unreachable.returncode == 1 and "cannot be reached" in unreachable.stderr
    assert not home.exists()


def test_copy(database, demo_copy, tmp_path):
    """A catalogue is copied to PostgreSQL and back, and is the same."""
    home, empty = demo_copy(), database.replace("/postgres?", "/copied?")
    psql = ["psql", database, "--quiet", "--command", "CREATE DATABASE copied TEMPLATE template0 ENCODING 'UTF8'"]
    subprocess.run(psql, check=True)
    arguments = "copy", "--from", f"sqlite:{home}", "--to", empty
    copied = terrabyte.run(tmp_path / "home", *arguments).stdout
    assert "Copied 20,169 Items" in copied and "20,169 created, 0 replaced" in copied
    assert "Compared 20,169 Items" in copied and "0 created, 0 replaced, 20,169 unchanged" in copied
    again = terrabyte.run(tmp_path / "home", *arguments, check=False)
    assert again.returncode == 1 and "--resume" in again.stderr
    back = tmp_path / "back"
    assert "20,169 created" in terrabyte.run(tmp_path / "home", "copy", "--from", empty, "--to", str(back)).stdout
    assert "No fault found" in terrabyte.run(back, "verify").stdout
    assert not (tmp_path / "home").exists()
    with terrabyte.Server(home, SETTINGS) as source, terrabyte.Server(back, SETTINGS) as target, requests.Session() as session:
        for path in ("/collections", "/search?limit=100", f"/collections/{COLLECTIONS[0]}/items?limit=500"):
            # Entity tags come from the numbers of changes, which are each store's own.
            one, other = [respond(session, server, "GET", path, None)[3] for server in (source, target)]
            assert one == other
