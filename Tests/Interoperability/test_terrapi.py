"""The calls of terrapi, the command of the platform's users, as it sends them, and what it reads from the responses."""

import pytest
import requests

import terrabyte
from expectations import assert_same, overlaps

S2, LANDSAT = "sentinel-2-c1-l2a", "landsat-ot-c2-l2"
JUNE = "2020-06-01T00:00:00Z", "2020-06-30T23:59:59Z"


def call(server, path, method="GET", **options):
    """Each call has a connection and a token of its own."""
    headers = {"Authorization": f"Bearer {terrabyte.TOKEN}"}
    return requests.request(method, f"{server.url}/{path}", headers=headers, timeout=60, **options)


def test_item_search(server, all_items):
    """Parameters as body of a GET, the filter without its language."""
    body = {"collections": [S2], "limit": 10_000, "datetime": "/".join(JUNE), "filter": "eo:cloud_cover < 30"}
    response = call(server, "search", json=body).json()
    expected = [
        item for item in all_items[S2]
        if overlaps(item, *JUNE) and item["properties"].get("eo:cloud_cover", 100) < 30
    ]
    assert response["numberMatched"] == len(expected)
    assert_same(response["features"], expected)


def test_item_search_without_parameters(server, all_items):
    response = call(server, "search", json={}).json()
    assert response["numberMatched"] == sum(map(len, all_items.values()))


def test_item_search_says_what_is_wrong(server):
    response = call(server, "search", json={"bbox": [1, 2, 3]})
    assert response.status_code == 400 and "bbox" in response.json()["detail"]


def test_item_list(server, all_items):
    """A query, and the next links of its responses for more than a page, to which the query is sent again."""
    options = {"params": {"limit": 200, "datetime": "/".join(JUNE), "bbox": "8.9,47.2,13.9,50.6"}}
    page = call(server, f"collections/{LANDSAT}/items", **options).json()
    assert page["type"] == "FeatureCollection"
    assert page["numberMatched"] == len(page["features"]) <= len(all_items[LANDSAT])
    assert all(overlaps(item, *JUNE) for item in page["features"])
    whole = call(server, f"collections/{LANDSAT}/items", params={"limit": 10_000}).json()
    assert_same(whole["features"], all_items[LANDSAT])


def test_collection_list_and_get(server, all_items):
    response = call(server, "collections").json()
    assert {collection["id"] for collection in response["collections"]} == set(all_items)
    assert all(collection.get("title") and collection["description"] for collection in response["collections"])
    assert call(server, f"collections/{S2}").json() in response["collections"]
    assert call(server, "collections/none").status_code == 404


def test_item_get_and_queryables(server, all_items):
    item = all_items[S2][7]
    assert call(server, f"collections/{S2}/items/{item['id']}").json() == item
    assert "eo:cloud_cover" in call(server, f"collections/{S2}/queryables").json()["properties"]


@pytest.fixture
def fields():
    return {
        "type": "Collection", "stac_version": "1.0.0", "id": "di99abc.fields", "description": "Fields",
        "license": "other", "links": [],
        "extent": {"spatial": {"bbox": [[5, 47, 15, 55]]}, "temporal": {"interval": [["2020-01-01T00:00:00Z", None]]}},
    }


def field(id, **properties):
    return {
        "type": "Feature", "stac_version": "1.0.0", "id": id, "collection": "di99abc.fields",
        "geometry": {"type": "Point", "coordinates": [11, 48]}, "bbox": [11, 48, 11, 48], "links": [], "assets": {},
        "properties": {"datetime": "2024-01-01T00:00:00Z"} | properties,
    }


def test_full_circle(writable, fields):
    """What its own test does: create, update, read and delete a Collection with Items."""
    path = "collections/di99abc.fields"
    assert call(writable, "collections", "POST", json=fields).json()["id"] == "di99abc.fields"
    # With --update, a conflict is followed by a PUT: to /collections, without the id.
    assert call(writable, "collections", "POST", json=fields).status_code == 409
    assert call(writable, "collections", "PUT", json=fields | {"title": "T"}).json()["title"] == "T"
    assert call(writable, path, "PUT", json=fields | {"title": "U"}).json()["title"] == "U"

    assert call(writable, f"{path}/items", "POST", json=field("a")).json()["id"] == "a"
    assert call(writable, f"{path}/items", "POST", json=field("a")).status_code == 409
    assert call(writable, f"{path}/items/a", "PUT", json=field("a", crop="rye")).json()["properties"]["crop"] == "rye"
    several = {"type": "FeatureCollection", "features": [field("b"), field("c")]}
    assert call(writable, f"{path}/items", "POST", json=several).status_code == 201
    found = call(writable, "search", json={"collections": ["di99abc.fields"], "filter": "crop = 'rye'"}).json()
    assert [item["id"] for item in found["features"]] == ["a"]
    # What was read can be written back.
    assert call(writable, f"{path}/items/a", "PUT", json=found["features"][0]).status_code == 200

    assert call(writable, f"{path}/items/a", "DELETE").json()["deleted item"] == "a"
    assert call(writable, path, "DELETE").json()["deleted collection"] == "di99abc.fields"
    assert call(writable, f"{path}/items/b").status_code == 404
