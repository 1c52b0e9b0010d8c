"""One client must not take the server down: requests that are to cost much, and thousands that are wrong in odd ways."""

import concurrent.futures
import contextlib
import http.client
import json
import multiprocessing
import random
import re
import threading
import time
import urllib.parse

import pytest

import hostile_requests
import rounds
import terrabyte
from watch import Watch

TIMEOUT_SECONDS = 2
MEMORY_LIMIT = 1 << 30


def send(url, method, path, body, headers={}):
    """Status and body of the response on a connection of its own."""
    place = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
    with contextlib.closing(connection):
        connection.request(method, place.path + path, body, headers)
        response = connection.getresponse()
        return response.status, response.read()


def memory(server, name="VmHWM"):
    """Bytes; VmHWM: the most that there have been."""
    status = open(f"/proc/{server.process.pid}/status").read()
    return int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) << 10


def processor_seconds(server):
    fields = open(f"/proc/{server.process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def wait_for(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_until_idle(server, seconds):
    """The processor time of the last half second, once it is small."""
    deadline = time.monotonic() + seconds
    while True:
        before = processor_seconds(server)
        time.sleep(0.5)
        used = processor_seconds(server) - before
        if used < 0.1 or time.monotonic() > deadline:
            return used


@contextlib.contextmanager
def serve(home, **settings):
    with terrabyte.Server(home, settings) as server:
        yield server
        assert server.process.poll() is None, "".join([line for line in server.log if not line.startswith("{")][:100])


@pytest.fixture(scope="module")
def attacked(demo_copy):
    """A server with short deadlines."""
    with serve(demo_copy(), SERVER_REQUEST_TIMEOUT_SECONDS=str(TIMEOUT_SECONDS), LOG_LEVEL="info") as server:
        yield server


@pytest.fixture(scope="module")
def patient(demo_copy):
    """A server with the usual deadlines."""
    with serve(demo_copy()) as server:
        yield server


def test_costly_requests(attacked):
    """Each is answered in time, and nothing of it runs on afterwards."""
    attack_with(attacked, list(hostile_requests.requests()), 4)


def test_costly_requests_at_once(attacked):
    """So are many at once, of which each would take long."""
    pattern = re.compile("s_(touches|crosses|overlaps) with|1,000 LIKEs|many geometries|whole pages|spikes|2,003")
    attack_with(attacked, [request for request in hostile_requests.requests() if pattern.search(request[0])], 16)


def timed(url, name, method, path, body):
    """Name, seconds, status and the beginning of the response."""
    headers = {"Accept": "application/vnd.apache.parquet"} if name == "parquet" else {}
    if name.endswith(": Accept"):
        headers["Accept"] = ",".join(["text/html;q=0.1"] * 2_000)
    start = time.monotonic()
    status, text = send(url, method, path, body, headers)
    return name, time.monotonic() - start, status, text[:300]


def attack_with(attacked, requests, at_once):
    slow = []
    requests = [
        (name, method, path, json.dumps(body, separators=(",", ":")) if isinstance(body, dict) else body)
        for name, method, path, body in requests]
    # Processes: threads would wait for each other, too, and their waits be taken for the server's.
    context = multiprocessing.get_context("spawn")
    with Watch(attacked), concurrent.futures.ProcessPoolExecutor(at_once, context) as pool:
        for name, _, _, body in requests:
            assert body is None or len(body) <= 1 << 20, f"{name}: {len(body)} bytes"
        for name, seconds, status, text in pool.map(timed, *zip(*[(attacked.url, *request) for request in requests])):
            slow.append((round(seconds, 2), name, status))
            assert status < 500 or status == 503 and seconds >= TIMEOUT_SECONDS, f"{name}: {status} {text}"
            # The deadlines are looked at twice a second; other tests run beside.
            assert seconds < TIMEOUT_SECONDS + 3, f"{name}: {seconds} s"
            assert memory(attacked) < MEMORY_LIMIT, name
    print(f"memory: {memory(attacked) >> 20} MiB", *sorted(slow, reverse=True)[:10], sep="\n")
    assert wait_until_idle(attacked, 10) < 0.1
    # As the server has measured them: the deadlines are looked at twice a second, and other tests run beside.
    lines = [json.loads(line) for line in attacked.log]
    seconds = [line["http.duration_us"] / 1e6 for line in lines if line["message"] == "Request"]
    print(f"longest by the server's log: {max(seconds):.2f} of {len(seconds)}")
    assert len(seconds) > len(requests) and max(seconds) < TIMEOUT_SECONDS + 2


def test_clients_that_leave_stop_the_work(patient):
    """What is computed for a client ends when the client has gone, long before the deadline."""
    body = json.dumps({"filter": hostile_requests.op(
        "s_touches", {"property": "geometry"}, hostile_requests.polygon(hostile_requests.coast(15_000)))})
    place = urllib.parse.urlsplit(patient.url)
    before = processor_seconds(patient)
    for _ in range(4):
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
        connection.request("POST", place.path + "/search", body)
        wait_for(lambda: processor_seconds(patient) > before + 0.5)
        connection.close()
    assert wait_until_idle(patient, 30) < 0.1


# Valid requests: what mutations start from.
SEEDS = [
    ("POST", "/search", {
        "collections": ["sentinel-2-c1-l2a"], "bbox": [10, 47, 12, 49], "datetime": "2020-06-01T00:00:00Z/..",
        "limit": 5, "sortby": [{"field": "properties.eo:cloud_cover", "direction": "desc"}],
        "fields": {"include": ["id", "properties.platform"], "exclude": ["links"]}}),
    ("POST", "/search", {
        "intersects": {"type": "Polygon", "coordinates": [[[10, 47], [12, 47], [12, 49], [10, 49], [10, 47]]]},
        "query": {"eo:cloud_cover": {"lt": 20}, "platform": {"in": ["sentinel-2a", "x"], "startsWith": "s"}},
        "ids": ["a", "b"], "q": ["sentinel", "a b"], "limit": 3}),
    ("POST", "/search", {
        "filter-lang": "cql2-json", "limit": 2, "filter": {"op": "and", "args": [
            {"op": "<", "args": [{"property": "eo:cloud_cover"}, 10]},
            {"op": "or", "args": [
                {"op": "like", "args": [{"op": "casei", "args": [{"property": "platform"}]}, "sent%"]},
                {"op": "in", "args": [{"property": "constellation"}, ["a", "b"]]},
                {"op": "between", "args": [{"property": "view:sun_elevation"}, 1, 50]},
                {"op": "t_during", "args": [
                    {"property": "datetime"}, {"interval": ["2020-01-01T00:00:00Z", ".."]}]},
                {"op": "a_contains", "args": [{"property": "instruments"}, ["msi"]]},
                {"op": "isNull", "args": [{"property": "x"}]},
                {"op": ">", "args": [{"op": "+", "args": [{"property": "eo:cloud_cover"}, 1]}, 3]}]},
            {"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point", "coordinates": [11, 48]}]},
            {"op": "not", "args": [{"op": "s_within", "args": [{"property": "geometry"}, {"bbox": [9, 46, 10, 47]}]}]}]}}),
    ("POST", "/search", {
        "filter-lang": "cql2-text", "limit": 1,
        "filter": "eo:cloud_cover BETWEEN 1 AND 20 AND (platform LIKE 'sent%' OR NOT id IN ('a','b')) AND "
                  "S_INTERSECTS(geometry, POLYGON((10 47,12 47,12 49,10 47))) AND T_AFTER(datetime, DATE('2020-01-01'))"}),
    ("POST", "/collections-search", {
        "bbox": [10, 47, 12, 49], "q": "sentinel OR landsat", "sortby": [{"field": "title"}],
        "filter": {"op": "=", "args": [{"property": "id"}, "x"]}, "fields": {"include": ["id"]}}),
    ("POST", "/aggregate", {
        "aggregations": ["total_count", "datetime_frequency", "eo:cloud_cover_frequency"], "bbox": [10, 47, 12, 49],
        "datetime_frequency_interval": "month", "eo:cloud_cover_frequency_interval": 10}),
    ("GET", "/search", {
        "collections": "sentinel-2-c1-l2a,landsat-ot-c2-l2", "bbox": "10,47,12,49", "limit": "4",
        "datetime": "2020-06-01/2021-06-01", "sortby": "-eo:cloud_cover,+id", "fields": "id,-links",
        "filter": "eo:cloud_cover<10 AND platform='sentinel-2a'", "filter-lang": "cql2-text"}),
    ("GET", "/search", {"intersects": '{"type":"Point","coordinates":[11,48]}', "token": "WyJmIiwxXQ", "q": "a,-b +c"}),
    ("GET", "/collections", {"limit": "2", "q": "radar", "bbox": "0,0,20,60", "sortby": "id"}),
    ("GET", "/collections/sentinel-2-c1-l2a/items", {"limit": "2", "filter": "gsd=10", "fields": "-assets"}),
    ("GET", "/collections/sentinel-2-c1-l2a/items/x", {}),
    ("GET", "/collections/sentinel-2-c1-l2a/browse/2020-06-01", {"token": "WyJmIiwxXQ"}),
    ("GET", "/aggregate", {
        "aggregations": "centroid_geohash_grid_frequency,cloud_cover_frequency", "bbox": "10,47,12,49",
        "centroid_geohash_grid_frequency_precision": "3"}),
    ("GET", "/collections/sentinel-2-c1-l2a/aggregations", {}),
    ("GET", "/queryables", {"collections": "a"}),
    ("GET", "/collections/landsat-ot-c2-l2/sortables", {}),
    ("PUT", "/collections/sentinel-2-c1-l2a/items/x", {"type": "Feature", "id": "x", "properties": {}, "geometry": None}),
    ("POST", "/collections/sentinel-2-c1-l2a/items", {"type": "FeatureCollection", "features": [{"id": "a"}]}),
    ("PATCH", "/collections/sentinel-2-c1-l2a", {"title": None}),
    ("DELETE", "/collections/sentinel-2-c1-l2a", {}),
]

ODD_TEXTS = [
    "", " ", "%", "_", "'", '"', "\\", "\0", "\n", "é", "e\u0301", "😀", "\ufeff", "..", "../..", "null", "NaN", "-0",
    "1e400", "0x1", "1,2,3", "2020-01-01", "2020-13-01T00:00:00Z", "../2020", "9999-12-31T23:59:60Z", "a.b.c",
    "properties.", "properties.properties.a", "assets.data.href", "links", "bbox", "geometry", "id", "collection",
    "datetime", "+", "-", "+-a", "(", ")", "NOT", "AND", "a AND", "OR", "x" * 300, "a." * 40, "%a" * 50, "*", "{}",
    "[]", "POINT(1 2)", "POLYGON EMPTY", "BBOX(1,2,3)", "cql2-json", "cql2-text", "WyJmIixudWxsXQ", "http://x/", "eq",
]
ODD_VALUES = [
    None, True, False, 0, -1, 1, 180, 181, 90.5, -90, 1e15, 1e-300, 1.7e308, 2**53, 2**63, 2**64, 10**30, 10_001, {},
    [], [[]], [[[]]], [None], [{}], {"": ""}, {"op": "and", "args": []}, {"property": ""}, {"interval": []},
    {"bbox": [1, 2]}, {"timestamp": "x"}, {"type": "Point"}, {"type": "Point", "coordinates": [181, 91]},
    {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]},
    {"type": "Polygon", "coordinates": [[[170, 0], [-170, 0], [-170, 9], [170, 9], [170, 0]]]},
    {"type": "GeometryCollection", "geometries": [{"type": "LineString", "coordinates": [[1, 1], [1, 1]]}]},
    {"type": "MultiPolygon", "coordinates": [[[[179, 80], [-60, 80], [60, 80], [179, 80]]]]},
]
NAMES = [
    "and", "or", "not", "=", "<>", "<", ">=", "+", "*", "/", "^", "div", "%", "like", "between", "in", "isNull", "casei",
    "accenti", "s_intersects", "s_equals", "s_disjoint", "s_touches", "s_within", "s_overlaps", "s_crosses",
    "s_contains", "t_after", "t_meets", "t_overlaps", "t_intersects", "a_equals", "a_contains", "a_containedBy",
    "a_overlaps", "f", "property", "op", "args", "type", "coordinates", "filter", "query", "fields", "sortby", "ids",
]
TOKENS = re.compile(r"\s+|\w+|.", re.DOTALL)


class Mutator:
    """Makes requests from valid ones."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def request(self):
        method, path, content = self.random.choice(SEEDS)
        for _ in range(self.random.choice([1, 1, 2, 3, 5])):
            content = self.changed(content)
        if self.random.random() < 0.1:
            path = self.cut(path) or "/"
        if self.random.random() < 0.05:
            method = self.random.choice(["GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])
        headers = {}
        if self.random.random() < 0.1:
            headers[self.random.choice(["Accept", "If-Match", "If-None-Match", "Accept-Encoding", "Content-Type",
                                        "Authorization", "Prefer", "X-Request-Id", "Accept-Language"])] = self.header()
        if method in ("GET", "HEAD", "OPTIONS"):
            return method, self.url(path, content), None, headers
        body = json.dumps(content, ensure_ascii=self.random.random() < 0.5).encode(errors="surrogatepass")
        if self.random.random() < 0.3:
            body = self.damaged(body)
        return method, self.url(path, {}), body, headers

    def header(self):
        return self.random.choice([
            "*", '"1"', 'W/"1", "2"', "application/x-ndjson", "application/vnd.apache.parquet", "text/html;q=x", "gzip;q=0",
            "identity, *;q=0", "Bearer x", "Basic !", "return=minimal", ",,,", "a" * 2_000, "de;q=2", "\t", '"' * 99])

    def url(self, path, content):
        """Always a URL that a client can send: what is no URL is a matter of the connection's tests."""
        url = urllib.parse.quote(path, safe="/%:@!$&'()*+,;=~-._")
        if isinstance(content, dict) and content:
            pairs = []
            for name, value in content.items():
                value = value if isinstance(value, str) else json.dumps(value)
                pairs.append(urllib.parse.quote(name, errors="replace") + "=" + urllib.parse.quote(value, errors="replace"))
            url += "?" + "&".join(pairs)
        if self.random.random() < 0.1:
            url = urllib.parse.quote(self.cut(url), safe="/?%:@!$&'()*+,;=~-._")
        return url if url.startswith("/") else "/" + url

    def changed(self, value):
        """A value with a change somewhere."""
        if self.random.random() < 0.12:
            return self.odd()
        if isinstance(value, dict) and value:
            value = dict(value)
            name = self.random.choice(list(value))
            match self.random.randrange(8):
                case 0:
                    del value[name]
                case 1:
                    value[self.random.choice(NAMES)] = value.pop(name)
                case 2:
                    value[self.random.choice(NAMES)] = self.odd()
                case _:
                    value[name] = self.changed(value[name])
            return value
        if isinstance(value, list) and value:
            value = list(value)
            place = self.random.randrange(len(value))
            match self.random.randrange(8):
                case 0:
                    del value[place]
                case 1:
                    value.insert(place, self.odd())
                case 2:
                    value *= self.random.choice([2, 3, 50])
                case 3:
                    self.random.shuffle(value)
                case _:
                    value[place] = self.changed(value[place])
            return value
        if isinstance(value, str):
            return self.cut(value) if self.random.random() < 0.7 else self.odd()
        if isinstance(value, (int, float)) and self.random.random() < 0.5:
            return self.random.choice([-value, value * 1e6, value + 0.5, str(value), [value]])
        return self.odd()

    def odd(self):
        kind = self.random.randrange(10)
        if kind < 4:
            return self.random.choice(ODD_TEXTS)
        if kind < 8:
            return self.random.choice(ODD_VALUES)
        if kind == 8:
            return {"op": self.random.choice(NAMES), "args": [self.changed(1), self.changed("a")]}
        value = self.random.choice(ODD_VALUES)
        for _ in range(self.random.choice([2, 20, 300])):
            value = [value] if self.random.random() < 0.5 else {self.random.choice(NAMES): value}
        return value

    def cut(self, text):
        """A text whose words have been left out, doubled, exchanged or replaced."""
        words = TOKENS.findall(text)
        if not words:
            return self.random.choice(ODD_TEXTS)
        place = self.random.randrange(len(words))
        match self.random.randrange(5):
            case 0:
                del words[place]
            case 1:
                words.insert(place, self.random.choice(words))
            case 2:
                words[place] = self.random.choice(ODD_TEXTS)
            case 3:
                other = self.random.randrange(len(words))
                words[place], words[other] = words[other], words[place]
            case _:
                words.insert(place, self.random.choice(NAMES + ODD_TEXTS))
        return "".join(words)

    def damaged(self, body):
        body = bytearray(body)
        for _ in range(self.random.choice([1, 1, 3, 10])):
            if not body:
                break
            place = self.random.randrange(len(body))
            match self.random.randrange(4):
                case 0:
                    body[place] = self.random.randrange(256)
                case 1:
                    del body[place:place + self.random.choice([1, 5, 1_000])]
                case 2:
                    body[place:place] = body[place:place + 20] * self.random.choice([1, 2, 30])
                case _:
                    body[place] ^= 1 << self.random.randrange(8)
        return bytes(body)


def test_mutated_requests(patient):
    """Thousands of requests that are nearly right are answered, none as if it were the server's fault."""
    count, workers = rounds.count(20_000), 8
    place = urllib.parse.urlsplit(patient.url)
    statuses = {}
    lock = threading.Lock()

    def run(number):
        mutator = Mutator(rounds.seed(14) * 1_000 + number)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
        for _ in range(count // workers):
            method, path, body, headers = mutator.request()
            try:
                connection.request(method, place.path + path, body, headers)
                response = connection.getresponse()
                answer = response.read()
            except (http.client.HTTPException, OSError) as error:
                raise AssertionError(f"{error!r} after {method} {path} {body!r} {headers}") from error
            assert response.status < 500, f"{response.status} {answer[:300]!r} after {method} {path} {body!r} {headers}"
            with lock:
                statuses[response.status] = statuses.get(response.status, 0) + 1
        connection.close()

    with Watch(patient):
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            for _ in pool.map(run, range(workers)):
                pass
    print(statuses)
    # A mutator whose requests are all refused at the first look finds nothing.
    assert statuses[200] > count / 20 and statuses[400] > count / 5
    assert memory(patient) < MEMORY_LIMIT
    assert not [line for line in patient.log if '"level":"error"' in line]
