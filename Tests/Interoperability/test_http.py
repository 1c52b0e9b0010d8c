"""What clients rely on below pystac-client: errors, paging back, caching, compression."""

import hashlib
import socket
import struct
import urllib.parse

import pytest
import requests

import terrabyte


@pytest.mark.parametrize("path, status, word", [
    ("/search?bbox=1,2,3", 400, "bbox"),
    ("/search?datetime=yesterday", 400, "datetime"),
    ("/search?limit=none", 400, "limit"),
    ("/search?filter=eo:cloud_cover%20<", 400, "filter"),
    ("/search?filter=frobnicate(id)%3D1", 400, "frobnicate"),
    ("/search?sortby=geometry", 400, "geometry"),
    ("/search?token=garbage", 400, "token"),
    ("/search?bbox=1,2,3,4&intersects=%7B%7D", 400, "intersects"),
    ("/collections/none", 404, "none"),
    ("/collections/none/items", 404, "none"),
    ("/collections/sentinel-1-grd/items/none", 404, "none"),
    ("/nothing", 404, ""),
])
def test_errors_are_problems(server, path, status, word):
    response = requests.get(server.url + path, timeout=30)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status and problem["title"] and problem["code"]
    assert word in problem["detail"]


def test_method_not_allowed(server):
    response = requests.delete(server.url + "/search", timeout=30)
    assert response.status_code == 405 and "GET" in response.headers["Allow"]
    assert response.headers["Content-Type"] == "application/problem+json"


def test_limit_above_maximum_is_clamped(server):
    page = requests.get(server.url + "/search", params={"limit": 1_000_000, "collections": "landsat-ot-c2-l2"}, timeout=60)
    assert page.status_code == 200
    assert page.json()["numberReturned"] == page.json()["numberMatched"]


def link(page, relation):
    return next((link for link in page["links"] if link["rel"] == relation), None)


def test_pages_back(server):
    url = f"{server.url}/collections/sentinel-1-grd/items?limit=40&sortby=-sat:relative_orbit"
    pages = [requests.get(url, timeout=30).json()]
    assert link(pages[0], "prev") is None
    for _ in range(4):
        pages.append(requests.get(link(pages[-1], "next")["href"], timeout=30).json())
    for expected in reversed(pages[:-1]):
        previous = requests.get(link(pages[-1], "prev")["href"], timeout=30).json()
        assert [item["id"] for item in previous["features"]] == [item["id"] for item in expected["features"]]
        pages[-1] = previous


def test_post_pages(server):
    body = {"collections": ["landsat-ot-c2-l2"], "limit": 700, "fields": {"include": ["id"]}}
    found = []
    while True:
        page = requests.post(server.url + "/search", json=body, timeout=30).json()
        found += [item["id"] for item in page["features"]]
        following = link(page, "next")
        if following is None:
            break
        assert following["method"] == "POST" and following["href"] == server.url + "/search"
        body = following["body"]
    assert len(found) == len(set(found)) == page["numberMatched"]


def test_gzip(server):
    url = server.url + "/search?limit=100"
    packed = requests.get(url, headers={"Accept-Encoding": "gzip"}, timeout=30)
    plain = requests.get(url, headers={"Accept-Encoding": "identity"}, timeout=30)
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 3
    assert packed.json() == plain.json()


def test_entity_tags(server, all_items):
    item = all_items["sentinel-2-c1-l2a"][77]
    url = f"{server.url}/collections/sentinel-2-c1-l2a/items/{item['id']}"
    response = requests.get(url, timeout=30)
    assert response.json() == item
    again = requests.get(url, headers={"If-None-Match": response.headers["ETag"]}, timeout=30)
    assert again.status_code == 304 and not again.content


def test_links_answer(server):
    landing = requests.get(server.url, timeout=30).json()
    for entry in landing["links"]:
        if entry.get("method") != "POST":
            response = requests.get(entry["href"], timeout=30)
            assert response.status_code == 200, entry
            assert response.headers["Content-Type"].split(";")[0] == entry["type"].split(";")[0], entry
    assert requests.get(server.url + "/conformance", timeout=30).json()["conformsTo"] == landing["conformsTo"]


def test_health(server):
    for path in ("/healthz", "/readyz"):
        assert requests.get(server.root + path, timeout=30).status_code == 200


def test_request_id_comes_back(server):
    assert requests.get(server.url, headers={"X-Request-Id": "mine-1"}, timeout=30).headers["X-Request-Id"] == "mine-1"
    assert requests.get(server.url, timeout=30).headers["X-Request-Id"]


def test_clients_that_go_away(server):
    """Those that ask for much and close at once, before or in the midst of the response, leave the server as it was."""
    place = urllib.parse.urlsplit(server.url)
    request = f"GET {place.path}/search?limit=3000 HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode()
    for number in range(15):
        with socket.create_connection((place.hostname, place.port), timeout=60) as client:
            # Closed with a reset.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(request if number % 3 else request[:30])
            if number % 3 == 2:
                assert client.recv(1000).startswith(b"HTTP/1.1 200")
    page = requests.get(f"{server.url}/search?limit=100", timeout=60).json()
    assert len(page["features"]) == 100


def test_searching_writes_nothing(demo_home, tmp_path):
    """Searches on read replicas fail where they have to write; ours leave every file as it is."""
    home = tmp_path / "home"
    terrabyte.run(demo_home, "backup", str(home))

    def contents():
        return {
            str(file.relative_to(home)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in home.rglob("*") if file.is_file()
        }

    with terrabyte.Server(home) as server:
        requests.get(f"{server.url}/search", timeout=60)
        before = contents()
        for query in ("limit=1000", "bbox=10,47,12,48&sortby=eo:cloud_cover", "filter=eo:cloud_cover<5", "ids=none"):
            page = requests.get(f"{server.url}/search?{query}", timeout=60).json()
            for link in page["links"]:
                if link["rel"] == "next":
                    assert requests.get(link["href"], timeout=60).ok
        for path in ("", "/collections", "/queryables", "/sortables"):
            assert requests.get(server.url + path, timeout=60).ok
        assert contents() == before
