"""Clients that attack the server, or know no better: over sockets, with bounds for memory and time."""

import collections
import concurrent.futures
import contextlib
import json
import pathlib
import random
import re
import socket
import statistics
import time
import urllib.parse

import pytest
import requests

import rounds
import terrabyte

HOST = b"Host: h\r\n"
POST = b"POST /public/api/search HTTP/1.1\r\n" + HOST
SHORT = b'{"limit": 1, "fields": {"include": ["id"]}}'
# Seconds in which a server on a busy machine does what takes it milliseconds.
SOON = 10


class Client:
    """A connection that sends bytes as they are."""

    def __init__(self, server, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(60)
        place = urllib.parse.urlsplit(server.root)
        self.socket.connect((place.hostname, place.port))

    def send(self, data):
        self.socket.sendall(data)
        return self

    def get(self, path, *headers):
        lines = [f"GET {path} HTTP/1.1", "Host: h", *headers, "", ""]
        return self.send("\r\n".join(lines).encode())

    def read(self, rate=None):
        """All bytes until the server closes, at so many bytes a second at most."""
        data = bytearray()
        with contextlib.suppress(ConnectionResetError):
            while part := self.socket.recv(1 << 16):
                data += part
                if rate:
                    time.sleep(len(part) / rate)
        return bytes(data)

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


class Reply:
    """The first response in some bytes."""

    def __init__(self, data):
        head, _, self.body = data.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n").partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split(" ")[1]) if first.startswith("HTTP/1.") else None
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    @property
    def is_whole(self):
        return len(self.body) == int(self.headers["content-length"])


def expect_problem(reply, *statuses):
    assert reply.status in statuses
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["x-request-id"]
    problem = json.loads(reply.body)
    assert problem["status"] == reply.status and problem["detail"]


def metric(server, name):
    """The sum of a metric's series."""
    lines = requests.get(server.root + "/metrics", timeout=60).text.splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if re.match(name + r"[{ ]", line))


def peak_memory(server):
    """In bytes, since the server started."""
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024


def wait_until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "It has not come about."
        time.sleep(0.05)


def log_of(server, message=None):
    """The lines with a message. All have to be JSON."""
    lines = [json.loads(line) for line in server.log]
    return [line for line in lines if message in (None, line["message"])]


@pytest.fixture(scope="module")
def home(demo_copy):
    return demo_copy()


@pytest.fixture(scope="module")
def hasty(demo_copy):
    """A server that waits for nobody for long."""
    seconds = {"HEAD": 1, "REQUEST": 3, "IDLE": 2, "SEND": 3}
    settings = {f"SERVER_{name}_TIMEOUT_SECONDS": value for name, value in seconds.items()} | {"LOG_LEVEL": "info"}
    with terrabyte.Server(demo_copy(), settings) as server:
        yield server
        server.stop()
    for line in log_of(server):
        assert line["level"] not in ("error", "critical"), line


# MARK: Malformed requests


@pytest.mark.parametrize("data, status", [
    # Bodies
    (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{\"limit\":1}\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}", 400),
    (POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nA B: c\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: gzip\r\n\r\n{}", 501),
    (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    (POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 501),
    (POST + b"Transfer-Encoding: nonsense\r\n\r\n0\r\n\r\n", 501),
    (POST + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}", 400),
    (POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", 400),
    (POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400),
    (POST + b"Content-Length: -2\r\n\r\n{}", 400),
    (POST + b"Content-Length: 0x2\r\n\r\n{}", 400),
    (POST + b"Content-Length: 100000000\r\n\r\n" + b" " * 100_000, 413),
    (POST + b"Content-Length: 9223372036854775807\r\n\r\n{}", 413),
    (POST + b"Content-Length: 9223372036854775808\r\n\r\n{}", 413),
    (POST + b"Content-Length: 18446744073709551616\r\n\r\n{}", 413),
    (POST + b"Content-Length: 1" + b"0" * 50 + b"\r\n\r\n{}", 413),
    (b"GET /public/api/search HTTP/1.1\r\n" + HOST + b"Content-Length: 9223372036854775808\r\n\r\n", 413),
    (POST + b"Content-Encoding: gzip\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", 415),
    (POST + b"Expect: nonsense\r\nContent-Length: 2\r\n\r\n{}", 417),
    # Heads
    (b"GET /public/api/search?" + b"a" * 70_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    (b"GET /public/api/search?" + b"a" * 500_000, 414),
    (b"GET /public/api/search HTTP/1.1\r\n" + HOST + b"A: " + b"a" * 70_000 + b"\r\n\r\n", 431),
    (b"GET /public/api/search HTTP/1.1\r\n" + HOST + b"A: a\r\n" * 1_000 + b"\r\n", 431),
    (b"GET /public/api/search HTTP/1.1\r\n\r\n", 400),
    (b"GET /public/api/search HTTP/1.1\r\n" + HOST + HOST + b"\r\n", 400),
    (b"GET /public/api/search HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
    (b"GET http://other/public/api/search HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET public/api/search HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /public/api/search HTTP/1.1\r\nHost : h\r\n\r\n", 400),
    (b"GET /public/api/search HTTP/1.1\r\n" + HOST + b"A: a\0b\r\n\r\n", 400),
    (b"GET /public/api/search HTTP/3.0\r\n" + HOST + b"\r\n", 505),
    (b"CONNECT h:80 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    (b"hello\r\n", 400),
    # Methods
    (b"FROB /public/api/search HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    (b"get /public/api/search HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    (b"TRACE /public/api/search HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n", 405),
    (b"FROB /nothing HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    # Parameters
    *[
        (f"GET /public/api/search?bbox={number},1,2,3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".encode(), 400)
        for number in ("0x1", "inf", "nan", "+1", "%2B1", "1_0", "%201", "1e999")
    ],
])
def test_malformed_requests_are_clients_faults(hasty, data, status):
    with Client(hasty) as client:
        reply = Reply(client.send(data).read())
    expect_problem(reply, status)
    if status == 405:
        assert "POST" in reply.headers["allow"]


def test_unusual_requests_are_served(hasty):
    chunked = b"%x\r\n" % len(SHORT) + SHORT + b"\r\n0\r\nTrailer: ignored\r\n\r\n"
    for data in [
        POST + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunked,
        POST + b"Expect: 100-continue\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(SHORT) + SHORT,
        POST + b"Connection: close\r\nContent-Length: %d\r\n\r\n\xef\xbb\xbf" % (len(SHORT) + 3) + SHORT,
        b"GET http://h/public/api/search?limit=1 HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n",
        b"GET /public/api/search?limit=1&x=" + b"a" * 60_000 + b" HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n",
        b"GET /public/api/search?limit=1 HTTP/1.0\r\n" + HOST + b"\r\n",
    ]:
        with Client(hasty) as client:
            reply = Reply(client.send(data).read())
        assert reply.status == 200 and reply.is_whole, data[:100]


def test_clients_that_close_their_side_get_their_responses(hasty):
    with Client(hasty) as client:
        client.get("/public/api/search?limit=50&bbox=10,47,12,49")
        client.socket.shutdown(socket.SHUT_WR)
        reply = Reply(client.read())
    assert reply.status == 200 and reply.is_whole


@pytest.mark.parametrize("data", [
    b"GET /public/api/search HTTP/1.1\r\nHo",
    POST + b"Content-Length: 100\r\n\r\n{}",
    POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}",
])
def test_requests_that_end_early_are_clients_faults(hasty, data):
    with Client(hasty) as client:
        client.send(data)
        client.socket.shutdown(socket.SHUT_WR)
        expect_problem(Reply(client.read()), 400)
    # And those whose client is gone, of which only the log tells.
    Client(hasty).send(data).close()


def test_a_malformed_request_is_answered_behind_others(hasty):
    good = b"GET /public/api/conformance HTTP/1.1\r\n" + HOST + b"\r\n"
    with Client(hasty) as client:
        data = client.send(good + good + b"G@T / HTTP/1.1\r\n\r\n").read()
    assert re.findall(rb"HTTP/1\.1 (\d+)", data) == [b"200", b"200", b"400"]


def test_mutated_requests(hasty):
    """Whatever is sent, the server neither fails nor says that it did."""
    generator = random.Random(20_240_601)
    originals = [
        b"GET /public/api/search?limit=2&bbox=10,47,12,49&datetime=2020-06-01T00:00:00Z/.. HTTP/1.1\r\n" + HOST,
        b"GET /public/api/collections/sentinel-1-grd/items?limit=1&sortby=-datetime HTTP/1.1\r\nAccept: */*\r\n" + HOST,
        POST + b"Content-Type: application/json\r\nContent-Length: %d\r\n" % len(SHORT),
        POST + b"Transfer-Encoding: chunked\r\n",
    ]
    bodies = [b"", b"", SHORT, b"%x\r\n" % len(SHORT) + SHORT + b"\r\n0\r\n\r\n"]

    def mutated(kind):
        data = bytearray(originals[kind] + b"Connection: close\r\n\r\n" + bodies[kind])
        for _ in range(generator.randint(1, 4)):
            at = generator.randrange(len(data))
            match generator.randrange(4):
                case 0: data[at] = generator.randrange(256)
                case 1: del data[at:at + generator.randint(1, 8)]
                case 2: data[at:at] = data[max(0, at - 8):at] or b"\0"
                case 3: data[at:at] = generator.choice([b"\r\n", b"\0", b"%", b"-1", b"9" * 20, b"{", b'"', b":", b" "])
        return bytes(data)

    requests_sent = [mutated(number % 4) for number in range(rounds.count(400))]

    def status(data):
        with Client(hasty) as client:
            client.send(data)
            with contextlib.suppress(OSError):
                client.socket.shutdown(socket.SHUT_WR)
            return Reply(client.read()).status

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        statuses = collections.Counter(pool.map(status, requests_sent))
    assert statuses[200] + statuses[400] > len(requests_sent) / 2, statuses
    assert not [status for status in statuses if status and status >= 500 and status not in (501, 505)], statuses
    assert hasty.process.poll() is None


# MARK: Slow clients


@pytest.mark.parametrize("begin, part", [
    (b"GET /public/api/search HTTP/1.1\r\nA: ", b"a"),
    (POST + b"Content-Length: 4000\r\n\r\n", b" "),
    (POST + b"Content-Length: 100000\r\n\r\n", b" "),
    (POST + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
])
def test_head_and_body_have_one_deadline_each(hasty, begin, part):
    start = time.monotonic()
    with Client(hasty) as client:
        client.send(begin)
        client.socket.settimeout(0.2)
        data = b""
        while not data:
            assert time.monotonic() - start < 3 + SOON
            client.send(part)
            with contextlib.suppress(TimeoutError):
                data = client.socket.recv(1 << 16)
        expect_problem(Reply(data), 408)


def test_idle_connections_are_closed(hasty):
    with Client(hasty) as unused, Client(hasty) as used:
        used.get("/healthz")
        start = time.monotonic()
        assert unused.read() == b""
        assert Reply(used.read()).status == 200
        assert time.monotonic() - start < 2 + SOON


@pytest.mark.parametrize("path, header", [
    ("/search?limit=10000", "Accept: */*"), ("/search?limit=10000", "Accept: application/x-ndjson"),
    ("/search?limit=1000", "Accept: */*"), ("/search?limit=1000", "Connection: close"),
])
def test_clients_that_do_not_read(home, path, header):
    """Their responses take little memory, nobody waits for them, and they are cut."""
    with terrabyte.Server(home, {"SERVER_SEND_TIMEOUT_SECONDS": 4}) as server:
        assert requests.get(server.url + "/search?limit=10", timeout=60).ok
        silent = [Client(server, receive_buffer=4_096).get(f"/public/api{path}", header) for _ in range(150)]
        times = []
        while metric(server, "terrabyte_http_responses_cut_total") == 0:
            assert len(times) < 100
            start = time.monotonic()
            page = requests.get(server.url + "/search?limit=10", timeout=60)
            times.append(time.monotonic() - start)
            assert len(page.json()["features"]) == 10
            time.sleep(0.2)
        assert statistics.median(times) < 1
        assert peak_memory(server) < 800 << 20
        for client in silent:
            client.close()
        wait_until(lambda: metric(server, "terrabyte_http_held_bytes") == 0)
        assert server.stop() == 0
        cut = log_of(server, "Response cut")
        assert any(line["reason"] == "client reads too slowly" and line["level"] == "warning" for line in cut)
        strangers = [line for line in cut if line["client.address"] != "127.0.0.1" or path not in line["http.target"]]
        assert not strangers


def test_requests_without_reading_responses(hasty):
    """A client that only sends has no more than one response made at a time."""
    before = peak_memory(hasty)
    with Client(hasty, receive_buffer=4_096) as client:
        client.send((b"GET /public/api/search?limit=1000 HTTP/1.1\r\n" + HOST + b"\r\n") * 50)
        wait_until(lambda: metric(hasty, "terrabyte_http_responses_cut_total") > 0)
    assert peak_memory(hasty) - before < 200 << 20


# MARK: Many connections


def test_few_descriptors(home):
    """Connections are refused before files cannot be opened any more."""
    with terrabyte.Server(home, descriptors=64) as server:
        path = "/public/api/search?limit=100&bbox=10,47,12,49"

        def status():
            with Client(server) as client, contextlib.suppress(ConnectionError, TimeoutError):
                client.socket.settimeout(SOON)
                return Reply(client.get(path, "Connection: close").read()).status

        def statuses():
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                return set(pool.map(lambda _: status(), range(40)))

        busy = [Client(server).send(POST + b"Content-Length: 9\r\n\r\n") for _ in range(100)]
        # None: closed without a word.
        assert statuses() <= {200, 503, None}
        for client in busy:
            client.close()
        wait_until(lambda: status() == 200)
        assert server.stop() == 0
        refusal, = log_of(server, "Connections are refused")
        assert refusal["level"] == "warning"


@pytest.mark.parametrize("begin", [b"", b"GET /public/api HTTP/1.1\r\nA: ", b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n"])
def test_idle_connections_make_room(home, begin):
    """Connections of the same address without a request are closed for those with one."""
    with terrabyte.Server(home, {"SERVER_MAXIMUM_CONNECTIONS_PER_CLIENT": 20}) as server:
        for idle in [Client(server) for _ in range(60)]:
            with contextlib.suppress(ConnectionError):
                idle.send(begin)
            assert requests.get(server.url + "/search?limit=10", timeout=60).ok


# MARK: Stopping


@pytest.mark.parametrize("headers", [(), ("Accept-Encoding: gzip",), ("Accept: application/x-ndjson",)])
def test_responses_under_way_are_finished(home, headers):
    for _ in range(rounds.count(1)):
        with terrabyte.Server(home) as server, Client(server) as reader, Client(server) as idle:
            idle.get("/healthz")
            assert idle.socket.recv(1 << 16)
            reader.get("/public/api/search?limit=10000", *headers)
            first = reader.socket.recv(1_000)
            server.process.terminate()
            start = time.monotonic()
            assert idle.read() == b"" and time.monotonic() - start < SOON
            data = first + reader.read(rate=16e6)
            assert server.stop() == 0
            if headers and "ndjson" in headers[0]:
                assert data.endswith(b"\r\n0\r\n\r\n")
            else:
                assert Reply(data).is_whole
            assert not log_of(server, "Response cut")


def test_responses_that_take_too_long_are_cut_and_logged(home):
    with terrabyte.Server(home, {"SERVER_SHUTDOWN_TIMEOUT_SECONDS": 1}) as server:
        with Client(server, receive_buffer=4_096) as reader:
            reader.get("/public/api/search?limit=10000")
            assert reader.socket.recv(1_000)
            assert server.stop() == 0
        line, = log_of(server, "Response cut")
        assert line["reason"] == "server stops" and line["level"] == "warning"


def test_hangup_reads_the_log_level_again(home, tmp_path):
    configuration = tmp_path / "terrabyte.json"
    configuration.write_text("{}")
    with terrabyte.Server(home, arguments=["--config", str(configuration)]) as server:
        assert requests.get(server.root + "/healthz", timeout=60).ok and not server.log
        configuration.write_text('{"log": {"level": "info"}}')
        server.hang_up()
        wait_until(lambda: server.log)
        assert requests.get(server.root + "/healthz?a=b", timeout=60).ok
        wait_until(lambda: any('"Request"' in line for line in server.log))
        assert server.stop() == 0
        request = log_of(server, "Request")[0]
        assert request["client.address"] == "127.0.0.1" and request["http.target"] == "/healthz?a=b"


def test_failures_to_start_are_lines_of_json(home, hasty):
    port = urllib.parse.urlsplit(hasty.root).port
    result = terrabyte.run(home, "serve", "--port", str(port), check=False)
    assert result.returncode == 1
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert lines[-1]["level"] == "critical" and str(port) in lines[-1]["error"]
    assert "bind" not in result.stderr


# MARK: Browsers


def test_browsers_get_pages(server):
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}
    landing = requests.get(server.url, timeout=60).json()
    paths = [urllib.parse.urlsplit(link["href"]).path for link in landing["links"] if link.get("method") != "POST"]
    item = requests.get(server.url + "/search?limit=1", timeout=60).json()["features"][0]
    own = next(link["href"] for link in item["links"] if link["rel"] == "self")
    paths += ["/", "/openapi.json", "/healthz", "/nothing", "/public/api/search?limit=3", "/public/api/search?bbox=1",
              "/public/api/search?limit=2000", urllib.parse.urlsplit(own).path]
    for path in dict.fromkeys(paths):
        page = requests.get(server.root + path, headers=browser, timeout=60)
        assert page.headers["Content-Type"].startswith("text/html"), path
        assert page.status_code in (200, 400, 404) and page.text.startswith("<!DOCTYPE html>")
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "script" not in page.headers["Content-Security-Policy"]
    for accept in ("*/*", "application/json", "application/geo+json, text/html;q=0.1"):
        response = requests.get(server.url, headers={"Accept": accept}, timeout=60)
        assert response.json()["id"] and "Accept" in response.headers["Vary"]
