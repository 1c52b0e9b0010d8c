"""What clients rely on below pystac-client: errors, paging back, caching, compression."""

import pytest
import requests


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
    answer = requests.get(server.url + path, timeout=30)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status and problem["title"] and problem["code"]
    assert word in problem["detail"]


def test_method_not_allowed(server):
    answer = requests.delete(server.url + "/search", timeout=30)
    assert answer.status_code == 405 and "GET" in answer.headers["Allow"]
    assert answer.headers["Content-Type"] == "application/problem+json"


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
    answer = requests.get(url, timeout=30)
    assert answer.json() == item
    again = requests.get(url, headers={"If-None-Match": answer.headers["ETag"]}, timeout=30)
    assert again.status_code == 304 and not again.content


def test_links_answer(server):
    landing = requests.get(server.url, timeout=30).json()
    for entry in landing["links"]:
        if entry.get("method") != "POST":
            answer = requests.get(entry["href"], timeout=30)
            assert answer.status_code == 200, entry
            assert answer.headers["Content-Type"].split(";")[0] == entry["type"].split(";")[0], entry
    assert requests.get(server.url + "/conformance", timeout=30).json()["conformsTo"] == landing["conformsTo"]


def test_health(server):
    for path in ("/healthz", "/readyz"):
        assert requests.get(server.root + path, timeout=30).status_code == 200


def test_request_id_comes_back(server):
    assert requests.get(server.url, headers={"X-Request-Id": "mine-1"}, timeout=30).headers["X-Request-Id"] == "mine-1"
    assert requests.get(server.url, timeout=30).headers["X-Request-Id"]
