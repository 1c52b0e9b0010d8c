"""Nodes on one PostgreSQL behind a balancer, while nodes are killed and the database is restarted."""

import contextlib
import json
import random
import re
import shutil
import subprocess
import threading
import time

import pytest
import requests

import postgresql
import rounds
import terrabyte

SECONDS = rounds.count(60)
COLLECTION = "nodes"
NODES = ["a", "b", "c"]
AUTHORIZATION = {"Authorization": f"Bearer {terrabyte.TOKEN}"}
# Seconds after the end of a disturbance in which its effects may still be seen: a balancer looks five times a second.
AFTERMATH = 2


class Node:
    """A server that keeps its port and its directory when it is killed and started again."""

    def __init__(self, name, home, database):
        self.name, self.home, self.database = name, home, database
        self.port = terrabyte.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        # How often it has been started: what a client has seen of an earlier life does not bind a later one.
        self.life = 0
        self.log = []
        self.start()

    def start(self):
        self.life += 1
        self.server = terrabyte.Server(self.home, arguments=["--port", str(self.port), "--database", self.database])

    def end(self, kill):
        self.life += 1
        self.server.kill() if kill else self.server.stop()
        self.log += self.server.log

    def is_ready(self):
        return is_fine(self.url + "/readyz")


def is_fine(url):
    with contextlib.suppress(requests.RequestException):
        return requests.get(url, timeout=5).status_code == 200
    return False


@contextlib.contextmanager
def balancer(nodes, folder):
    """Yields the URL of an haproxy. Clients stay with a node, by their header X-Client, as long as it is ready."""
    program = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
    if program is None:
        pytest.skip("There is no haproxy.")
    port = terrabyte.free_port()
    servers = "\n".join(f"    server {node.name} 127.0.0.1:{node.port} check inter 200ms fall 1 rise 1" for node in nodes)
    (folder / "haproxy.cfg").write_text(f"""
defaults
    mode http
    timeout connect 2s
    timeout client 60s
    timeout server 60s
    timeout check 2s
    retries 3
    option redispatch 1
    retry-on conn-failure
frontend all
    bind 127.0.0.1:{port}
    default_backend nodes
backend nodes
    balance hdr(X-Client)
    hash-type consistent
    option httpchk GET /readyz
    http-response set-header X-Node %s
{servers}
""")
    process = subprocess.Popen([program, "-f", folder / "haproxy.cfg", "-db"], stderr=subprocess.PIPE, text=True)
    try:
        yield f"http://127.0.0.1:{port}/public/api"
    finally:
        process.terminate()
        process.communicate(timeout=60)


def item(name, number):
    return {
        "type": "Feature", "stac_version": "1.0.0", "id": f"{name}-{number}", "collection": COLLECTION,
        "geometry": {"type": "Point", "coordinates": [number % 360 - 180, 10]},
        "bbox": [number % 360 - 180, 10, number % 360 - 180, 10],
        "properties": {"datetime": "2024-01-01T00:00:00Z", "number": number}, "links": [], "assets": {},
    }


class Disturbances:
    """What is killed, and when: what responses may suffer from."""

    def __init__(self):
        self._periods = []
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def period(self, kind):
        entry = [kind, time.monotonic(), None]
        with self._lock:
            self._periods.append(entry)
        try:
            yield
        finally:
            entry[2] = time.monotonic()

    def overlap(self, kinds, begin, end):
        with self._lock:
            return any(
                kind in kinds and start <= end and (stop is None or begin <= stop + AFTERMATH)
                for kind, start, stop in self._periods)


class Clients:
    def __init__(self, url, nodes, disturbances):
        self.url, self.disturbances = url, disturbances
        self.nodes = {node.name: node for node in nodes}
        self.ended = threading.Event()
        self.faults = []
        self.acknowledged = []
        self.requests, self.retries, self.own_reads = 0, 0, 0
        self._lock = threading.Lock()

    def fault(self, text):
        with self._lock:
            self.faults.append(text)
        self.ended.set()

    def request(self, session, method, path, kinds, **arguments):
        """The response; None when it suffered from a disturbance of these kinds, so that it has to be sent again."""
        begin = time.monotonic()
        try:
            response = session.request(method, self.url + path, timeout=60, **arguments)
            status, text = response.status_code, response.text
        except requests.RequestException as error:
            response, status, text = None, 0, repr(error)
        with self._lock:
            self.requests += 1
        if response is not None and status < 500:
            return response
        if status in (0, 502, 503, 504) and self.disturbances.overlap(kinds, begin, time.monotonic()):
            with self._lock:
                self.retries += 1
            time.sleep(0.05)
            return None
        self.fault(f"{method} {path}: {status} {text[:300]}")
        return None

    def write(self, name):
        """Writes one Item after the other, and looks for each on the node that has written it."""
        with requests.Session() as session:
            session.headers["X-Client"] = name
            number = 0
            while not self.ended.is_set():
                new = item(name, number)
                response = self.request(
                    session, "POST", f"/collections/{COLLECTION}/items", {"node", "database"}, json=new, headers=AUTHORIZATION)
                if response is None:
                    continue
                # Sent again, it may be there already.
                if response.status_code not in (201, 409):
                    return self.fault(f"write of {new['id']}: {response.status_code} {response.text[:300]}")
                with self._lock:
                    self.acknowledged.append(new["id"])
                node = self.nodes[response.headers["X-Node"]]
                life, number = node.life, number + 1
                if response.status_code == 201:
                    self.read_own(session, new["id"], node, life)

    def read_own(self, session, id, node, life):
        response = self.request(session, "GET", f"/search?ids={id}&fields=id", {"node"})
        if response is None or response.headers["X-Node"] != node.name or node.life != life:
            return
        self.own_reads += 1
        if response.json()["numberMatched"] != 1:
            self.fault(f"node {node.name} does not find {id}, which it has written")

    def read(self, name):
        """What a node has shown once, it goes on showing."""
        seen = {}
        with requests.Session() as session:
            session.headers["X-Client"] = name
            while not self.ended.is_set():
                response = self.request(session, "GET", f"/search?collections={COLLECTION}&limit=20", {"node"})
                if response is None:
                    continue
                node, count = self.nodes[response.headers["X-Node"]], response.json()["numberMatched"]
                life = node.life
                if count < seen.get((node.name, life), 0):
                    self.fault(f"node {node.name} shows {count} Items after {seen[node.name, life]}")
                seen[node.name, life] = count


def wait_until(condition, text, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, text
        time.sleep(0.05)


def disturb(chance, nodes, database, disturbances):
    action = chance.choice(["kill", "kill", "stop", "restart", "crash", "cut"])
    if action in ("kill", "stop"):
        node = chance.choice(nodes)
        with disturbances.period("node"):
            node.end(kill=action == "kill")
            time.sleep(chance.random())
            node.start()
            wait_until(node.is_ready, f"node {node.name} does not get ready")
        return
    with disturbances.period("database"):
        if action == "cut":
            postgresql.cut_connections(database)
        else:
            postgresql.restart(database, "fast" if action == "restart" else "immediate")
        wait_until(lambda: all(node.is_ready() for node in nodes), "the nodes do not get ready again")


def ids(node):
    url = f"{node.url}/public/api/search?collections={COLLECTION}&fields=id"
    response = requests.get(url, headers={"Accept": "application/x-ndjson"}, timeout=60)
    assert response.status_code == 200
    return [json.loads(line)["id"] for line in response.text.splitlines()]


def start_nodes(stack, names, folder, database):
    """Nodes on a new catalogue with one Collection."""
    document = folder / "collection.json"
    document.write_text(json.dumps({
        "type": "Collection", "stac_version": "1.0.0", "id": COLLECTION, "description": "x", "license": "CC0-1.0",
        "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [[None, None]]}}, "links": []}))
    terrabyte.run(folder / names[0], "collections", "put", str(document), "--database", database)
    nodes = [Node(name, folder / name, database) for name in names]
    for node in nodes:
        stack.callback(lambda node=node: node.server.process.poll() is None and node.server.stop())
    return nodes


def test_nodes_survive_whatever_is_killed(tmp_path):
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(postgresql.server())
        nodes = start_nodes(stack, NODES, tmp_path, database)
        url = stack.enter_context(balancer(nodes, tmp_path))
        wait_until(lambda: is_fine(url), "the balancer has no node")

        disturbances = Disturbances()
        clients = Clients(url, nodes, disturbances)
        threads = [threading.Thread(target=clients.write, args=(f"writer-{n}",)) for n in range(2)]
        threads += [threading.Thread(target=clients.read, args=(f"reader-{n}",)) for n in range(4)]
        for thread in threads:
            thread.start()
        chance = random.Random(rounds.seed(15))
        end = time.monotonic() + SECONDS
        try:
            while time.monotonic() < end and not clients.ended.is_set():
                disturb(chance, nodes, database, disturbances)
                clients.ended.wait(AFTERMATH + chance.random())
        finally:
            clients.ended.set()
            for thread in threads:
                thread.join()
        print(f"{len(clients.acknowledged)} writes, {clients.own_reads} read at once, {clients.requests} requests, {clients.retries} retried")
        assert not clients.faults
        assert len(clients.acknowledged) > SECONDS and clients.own_reads > SECONDS / 2

        for node in nodes:
            wait_until(lambda node=node: len(ids(node)) >= len(clients.acknowledged), f"node {node.name} lacks writes")
            found = ids(node)
            assert len(found) == len(set(found)) and set(clients.acknowledged) <= set(found)
        assert len({tuple(sorted(ids(node))) for node in nodes}) == 1
        for node in nodes:
            assert "No fault found" in terrabyte.run(node.home, "verify", "--database", database).stdout


def test_status_shows_all_nodes(tmp_path):
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(postgresql.server())
        nodes = start_nodes(stack, ["a", "b"], tmp_path, database)

        def status(home):
            return terrabyte.run(home, "status", "--database", database).stdout

        def states(home):
            # Behind the name, which has the host in it.
            lines = status(home).partition("Nodes\n")[2].splitlines()
            return {line.split()[0].rpartition(":")[2]: re.split("  +", line.strip())[1] for line in lines}

        ready = {str(node.port): "ready" for node in nodes}
        wait_until(lambda: states(tmp_path / "a") == ready, "the nodes do not report themselves as ready")
        for node in nodes:
            assert re.search(rf"^Node       \S+:{node.port}$", status(node.home), re.MULTILINE)
        assert "\nNode " not in status(tmp_path / "c")
        metrics = requests.get(f"{nodes[0].url}/metrics", timeout=60).text
        assert "\nterrabyte_nodes 2\n" in metrics and "\nterrabyte_nodes_ready 2\n" in metrics
        nodes[1].end(kill=False)
        assert states(tmp_path / "a") == {str(nodes[0].port): "ready"}


def test_followers_survive_a_failover(tmp_path):
    """Every acknowledged write is on the new primary, and once in the index of a node that has followed both."""
    with contextlib.ExitStack() as stack:
        primary = stack.enter_context(postgresql.server())
        database, promote = stack.enter_context(postgresql.standby(primary))
        writer, follower = start_nodes(stack, ["a", "b"], tmp_path, database)
        acknowledged, ended = [], threading.Event()

        def write():
            url = f"{writer.url}/public/api/collections/{COLLECTION}/items"
            while not ended.is_set():
                new = item("written", len(acknowledged))
                response = requests.post(url, json=new, headers=AUTHORIZATION, timeout=60)
                # Sent again, it may be there already.
                if response.status_code in (201, 409):
                    acknowledged.append(new["id"])

        thread = threading.Thread(target=write)
        thread.start()
        try:
            wait_until(lambda: len(acknowledged) > 50, "nothing is written")
            assert "\nterrabyte_postgresql_standbys 1\n" in requests.get(f"{follower.url}/metrics", timeout=60).text
            postgresql.stop(primary, "immediate")
            promote()
            before = len(acknowledged)
            wait_until(lambda: len(acknowledged) > before + 50, "nothing is written after the failover")
        finally:
            ended.set()
            thread.join()
        for node in (writer, follower):
            wait_until(lambda node=node: len(ids(node)) >= len(acknowledged), f"node {node.name} lacks writes")
            assert sorted(ids(node)) == sorted(acknowledged)
            assert "No fault found" in terrabyte.run(node.home, "verify", "--database", database).stdout
