"""Nodes on one PostgreSQL that share the work: one exports, and another one after its death."""

import contextlib
import datetime
import json
import signal
import subprocess
import time

import duckdb
import pyarrow.dataset
import pytest
import requests

import postgresql
import terrabyte

COLLECTION = "leases"
COUNT = 4_000
# Seconds. The lease is short where a death is to be noticed soon.
SHORT_LEASE, LEASE, INTERVAL = 2, 600, 1
AUTHORIZATION = {"Authorization": f"Bearer {terrabyte.TOKEN}"}


def item(number):
    x, y = number % 350 - 175, number % 160 - 80
    return {
        "type": "Feature", "stac_version": "1.1.0", "id": f"item-{number:05}", "collection": COLLECTION,
        "geometry": {"type": "Point", "coordinates": [x, y]}, "bbox": [x, y, x, y],
        "properties": {"datetime": f"{2010 + number % 10}-01-01T00:00:00Z", "number": number}, "links": [],
        "assets": {f"band-{band}": {"href": f"https://example.com/{number}/{band}.tif"} for band in range(20)}}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The URL of a server that has the database "loaded"."""
    with postgresql.server() as url:
        query(url, "CREATE DATABASE loaded TEMPLATE template0 ENCODING 'UTF8'")
        begin(tmp_path_factory.mktemp("loaded"), "--database", url.replace("/postgres?", "/loaded?"))
        yield url


@pytest.fixture
def database(server, request):
    """The URL of a catalogue of the test's own."""
    name = request.node.name[:63]
    query(server, f"CREATE DATABASE {name} TEMPLATE loaded")
    return server.replace("/postgres?", f"/{name}?")


def begin(home, *options):
    collection = {
        "type": "Collection", "stac_version": "1.1.0", "id": COLLECTION, "description": "Few.", "license": "other", "links": [],
        "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [[None, None]]}}}
    terrabyte.run(home, "collections", "put", "-", *options, input=json.dumps(collection))
    load(home, range(COUNT), *options)


def load(home, numbers, *options):
    lines = "".join(json.dumps(item(number)) + "\n" for number in numbers)
    terrabyte.run(home, "items", "load", "--collection", COLLECTION, "-", *options, input=lines)


def query(database, sql):
    """The lines of a result."""
    command = ["psql", database, "--no-align", "--tuples-only", "--quiet", "--command", sql]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


@contextlib.contextmanager
def nodes(database, *homes, directory=None, lease=LEASE, arguments=()):
    """Servers with the same database, which export to the same directory."""
    settings = {"LOG_LEVEL": "info", "DATABASE_LEASE_SECONDS": lease}
    if directory:
        settings |= {"EXPORT_DIRECTORY": directory, "EXPORT_INTERVAL_SECONDS": INTERVAL}
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(terrabyte.Server(home, settings, ["--database", database, *arguments])) for home in homes]


def wait_until(condition, text, seconds=120):
    end = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < end, text
        time.sleep(0.01)
    return result


def entries(node, message):
    """Entries of the log, as they are written."""
    lines = [json.loads(line) for line in list(node.log) if line.startswith("{")]
    return [line for line in lines if line["message"] == message]


def exports(*servers):
    """The ends of all exports, in order: when, and of which sequence."""
    found = [(datetime.datetime.fromisoformat(line["time"]), int(line["catalogue.sequence"]))
             for node in servers for line in entries(node, "Exported")]
    return sorted(found)


def holder(database):
    """The number of the process that has begun the last export."""
    return int(query(database, "SELECT holder FROM leases WHERE name LIKE 'export:%'")[0].split("/")[1])


def exported_ids(folder):
    """As other programs read them; the lists beside the files agree with them."""
    manifest = json.loads((folder / COLLECTION / "_export/manifest.json").read_text())
    rows = duckdb.sql(f"SELECT id FROM read_parquet('{folder}/{COLLECTION}/*.parquet')").fetchall()
    dataset = pyarrow.dataset.dataset(sorted(str(path) for path in (folder / COLLECTION).glob("*.parquet")))
    assert len(rows) == dataset.count_rows() == manifest["items"]
    assert {path.name for path in (folder / COLLECTION).glob("*.parquet")} == {file["name"] for file in manifest["files"]}
    return sorted(name for (name,) in rows), manifest["sequence"]


def all_ids(count):
    return [item(number)["id"] for number in range(count)]


def last_sequence(database):
    return int(query(database, "SELECT max(sequence) FROM catalogue_items")[0])


def pause_in_the_middle(database, servers, folder):
    """Stops the node that exports while it writes files of which no reader sees any, and returns it."""
    unfinished = folder / f".versions/{COLLECTION}/next"

    def is_writing():
        return any(unfinished.glob("*.parquet"))

    wait_until(is_writing, "nobody writes files")
    for server in servers:
        server.process.send_signal(signal.SIGSTOP)
    assert is_writing() and not (folder / COLLECTION).exists(), "the export has ended already"
    number = holder(database)
    for server in servers:
        if server.process.pid != number:
            server.process.send_signal(signal.SIGCONT)
    return next(server for server in servers if server.process.pid == number)


def test_one_node_exports_to_a_directory(database, tmp_path):
    """The interval is kept over nodes, and after a node has stopped and been started again."""
    folder, other = tmp_path / "files", tmp_path / "others"
    with nodes(database, tmp_path / "a", tmp_path / "b", directory=folder) as servers:
        wait_until(lambda: len(exports(*servers)) >= 3, "too few exports")
        with nodes(database, tmp_path / "c", directory=other) as (third,):
            wait_until(lambda: exports(third), "a node with another directory does not export")
        assert third.process.returncode == 0
        count = len(exports(*servers))
        wait_until(lambda: len(exports(*servers)) > count, "the exports have ended")
        times = [time for time, _ in exports(*servers)]
    gaps = [(later - earlier).total_seconds() for earlier, later in zip(times, times[1:])]
    # The end of an export is logged before it is stored.
    assert min(gaps) > INTERVAL * 0.9, gaps
    for directory in (folder, other):
        assert exported_ids(directory) == (all_ids(COUNT), last_sequence(database))
    for server in (*servers, third):
        assert not entries(server, "The export failed") and not entries(server, "A lease was lost, and its work is ended")
    names = query(database, "SELECT name FROM leases WHERE name LIKE 'export:%' AND expires_at <= now() ORDER BY name")
    assert names == [f"export:{folder}", f"export:{other}"]


def test_another_node_exports_after_a_death(database, tmp_path):
    folder = tmp_path / "files"
    with nodes(database, tmp_path / "a", tmp_path / "b", directory=folder, lease=SHORT_LEASE) as servers:
        dead = pause_in_the_middle(database, servers, folder)
        dead.kill()
        assert not exports(dead) and not (folder / COLLECTION).exists()
        (other,) = [server for server in servers if server is not dead]
        wait_until(lambda: exports(other), "the other node does not export")
        assert exported_ids(folder) == (all_ids(COUNT), last_sequence(database))
        token = int(query(database, "SELECT token FROM leases WHERE name LIKE 'export:%'")[0])
        assert token >= 2
    assert not list((folder / f".versions/{COLLECTION}").glob("next/*"))


def test_a_node_that_hung_does_not_publish(database, tmp_path):
    """Its lease was lost meanwhile; also where the file system knows of no locks."""
    folder = tmp_path / "files"
    with nodes(database, tmp_path / "a", tmp_path / "b", directory=folder, lease=SHORT_LEASE) as servers:
        hung = pause_in_the_middle(database, servers, folder)
        try:
            # As on a file system that does not lock: the other node makes a lock of its own.
            (folder / ".lock").unlink()
            load(tmp_path / "loads", range(COUNT, COUNT + 10), "--database", database)
            (other,) = [server for server in servers if server is not hung]
            newest = last_sequence(database)
            wait_until(lambda: exports(other) and exports(other)[-1][1] >= newest, "the other node does not export")
        finally:
            hung.process.send_signal(signal.SIGCONT)
        count, published = len(exports(*servers)), set()

        def has_gone_on():
            published.add(json.loads((folder / COLLECTION / "_export/manifest.json").read_text())["sequence"])
            return entries(hung, "A lease was lost, and its work is ended") and len(exports(*servers)) >= count + 2

        wait_until(has_gone_on, "the node does not notice, or the exports have ended")
        assert published == {newest} and all(sequence >= newest for _, sequence in exports(hung))
        assert exported_ids(folder) == (all_ids(COUNT + 10), newest)


def test_a_stopped_node_gives_its_lease_back(database, tmp_path):
    folder = tmp_path / "files"
    with nodes(database, tmp_path / "a", directory=folder) as (node,):
        paused = pause_in_the_middle(database, [node], folder)
        paused.process.terminate()
        paused.process.send_signal(signal.SIGCONT)
        paused.process.wait(timeout=60)
        assert paused.stop() == 0
    assert not (folder / COLLECTION).exists(), "the export has ended before"
    assert query(database, "SELECT count(*) FROM leases WHERE expires_at > now()") == ["0"]


def test_nodes_that_only_read_do_not_export(database, tmp_path):
    home, folder = tmp_path / "a", tmp_path / "files"
    # Makes the directory with the index, and the tables.
    with nodes(database, home):
        pass
    query(database, "DELETE FROM leases")
    with nodes(database, home, directory=folder, arguments=["--read-only"]) as (node,):
        wait_until(lambda: entries(node, "Ready"), "the node does not get ready")
        assert entries(node, "Exports are left to other nodes, since this one only reads")
        assert requests.get(f"{node.url}/search?limit=1", timeout=60).json()["numberMatched"] == COUNT
    assert not folder.exists()
    assert query(database, "SELECT name FROM leases") == []
    named = ["serve", "--read-only", "--services", "export", "--port", "0", "--database", database]
    (tmp_path / "terrabyte.json").write_text(json.dumps({"export": {"directory": str(folder)}}))
    refused = terrabyte.run(home, *named, "--config", str(tmp_path / "terrabyte.json"), check=False)
    assert refused.returncode == 1 and "cannot run with --read-only" in refused.stderr


def test_nodes_with_different_services(database, tmp_path):
    """One loads and exports and answers no searches; the other one answers them and does not export."""
    folder = tmp_path / "files"
    with nodes(database, tmp_path / "works", directory=folder, arguments=["--services", "catalogue,export"]) as (worker,), \
            nodes(database, tmp_path / "answers", directory=folder, arguments=["--services", "stac"]) as (api,), \
            nodes(database, tmp_path / "follows", directory=folder, arguments=["--services", "catalogue"]) as (follower,):
        for node in (worker, api, follower):
            wait_until(lambda node=node: requests.get(f"{node.root}/readyz", timeout=60).status_code == 200, "a node does not get ready")
        for node in (worker, follower):
            assert requests.get(f"{node.url}/search", timeout=60).status_code == 404
            assert "terrabyte_catalogue_" in requests.get(f"{node.root}/metrics", timeout=60).text
        load(worker.home, range(COUNT, COUNT + 10), "--database", database)
        search = f"{api.url}/search?limit=1"
        wait_until(
            lambda: requests.get(search, timeout=60).json()["numberMatched"] == COUNT + 10, "the other node does not follow")
        new = requests.post(
            f"{api.url}/collections/{COLLECTION}/items", json=item(COUNT + 10), headers=AUTHORIZATION, timeout=60)
        assert new.status_code == 201
        newest = last_sequence(database)
        wait_until(lambda: exports(worker) and exports(worker)[-1][1] >= newest, "the worker does not export")
        assert exported_ids(folder) == (all_ids(COUNT + 11), newest)
        assert not exports(api, follower)


def test_a_catalogue_in_a_directory_has_no_leases(tmp_path):
    home, folder = tmp_path / "home", tmp_path / "files"
    begin(home)
    settings = {"LOG_LEVEL": "info", "EXPORT_DIRECTORY": folder, "EXPORT_INTERVAL_SECONDS": INTERVAL}
    with terrabyte.Server(home, settings) as server:
        wait_until(lambda: len(exports(server)) >= 2, "the server does not export")
        wait_until(lambda: requests.get(f"{server.root}/readyz", timeout=60).status_code == 200, "the server does not get ready")
    assert not (home / "platform.sqlite").exists()
