"""Searches with pystac-client, against results computed in Python from all Items."""

import json

import pytest
import requests
import shapely

from expectations import assert_same, ids, instant, intersects, overlaps

S1, S2, LANDSAT = "sentinel-1-grd", "sentinel-2-c1-l2a", "landsat-ot-c2-l2"
BAVARIA = [8.9, 47.2, 13.9, 50.6]
MUNICH = {
    "type": "Polygon",
    "coordinates": [[[11.3, 48.0], [11.8, 48.0], [11.9, 48.2], [11.5, 48.35], [11.3, 48.2], [11.3, 48.0]]],
}


def test_open(client):
    assert client.id == "terrabyte"
    for name in ("CORE", "COLLECTIONS", "FEATURES", "ITEM_SEARCH", "FIELDS", "FILTER", "QUERY", "SORT"):
        assert client.conforms_to(name), name


def test_collections(client, all_items):
    assert sorted(collection.id for collection in client.get_collections()) == sorted(all_items)
    collection = client.get_collection(S2)
    assert collection.title and collection.license and collection.item_assets
    queryables = collection.get_queryables()["properties"]
    assert queryables["eo:cloud_cover"]["type"] == "number"
    assert "sar:instrument_mode" not in queryables
    assert "sar:instrument_mode" in client.get_queryables()["properties"]


def test_items_of_collection(client, all_items):
    assert_same(client.get_collection(LANDSAT).get_items(), all_items[LANDSAT])


def test_get_item(client, all_items):
    expected = all_items[S1][1234]
    item = client.get_collection(S1).get_item(expected["id"])
    assert item.id == expected["id"]
    assert item.properties == expected["properties"]
    assert client.get_collection(S1).get_item("no-such-item") is None


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_bbox(client, all_items, method):
    search = client.search(method=method, collections=[S2], bbox=BAVARIA, limit=500)
    expected = [item for item in all_items[S2] if intersects(item, shapely.box(*BAVARIA))]
    assert search.matched() == len(expected)
    assert_same(search.items(), expected)


def test_bbox_across_antimeridian(client, all_items):
    # From the Alps eastwards around the world to the North Sea: all but a strip in the middle.
    search = client.search(collections=[LANDSAT], bbox=[13.0, 40, 6.0, 60], limit=500)
    parts = [shapely.box(13.0, 40, 180, 60), shapely.box(-180, 40, 6.0, 60)]
    expected = [item for item in all_items[LANDSAT] if any(intersects(item, part) for part in parts)]
    assert 0 < len(expected) < len(all_items[LANDSAT])
    assert search.matched() == len(expected)
    assert_same(search.items(), expected)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_intersects(client, all_items, method):
    search = client.search(method=method, collections=[S1, LANDSAT], intersects=MUNICH, limit=500)
    expected = [
        item for item in all_items[S1] + all_items[LANDSAT] if intersects(item, shapely.geometry.shape(MUNICH))
    ]
    assert_same(search.items(), expected)


@pytest.mark.parametrize(
    "given, start, end",
    [
        ("2020-06-01/2020-06-14", "2020-06-01T00:00:00Z", "2020-06-14T23:59:59Z"),
        ("2020-06-01T10:00:00Z/2020-06-02T10:00:00Z", "2020-06-01T10:00:00Z", "2020-06-02T10:00:00Z"),
        ("../2020-01-05T00:00:00Z", "0001-01-01T00:00:00Z", "2020-01-05T00:00:00Z"),
        ("2021-12-30T00:00:00+02:00/..", "2021-12-29T22:00:00Z", "9999-12-31T23:59:59Z"),
        ("2021-07", "2021-07-01T00:00:00Z", "2021-07-31T23:59:59Z"),
    ],
)
@pytest.mark.parametrize("collection", [S1, S2])
def test_datetime(client, all_items, collection, given, start, end):
    # Sentinel-1 Items have no datetime: they match by their interval.
    search = client.search(collections=[collection], datetime=given, limit=500)
    assert_same(search.items(), [item for item in all_items[collection] if overlaps(item, start, end)])


def test_instant_within_interval(client, all_items):
    item = all_items[S1][4321]
    start, end = (instant(item["properties"][name]) for name in ("start_datetime", "end_datetime"))
    middle = start + (end - start) / 2
    search = client.search(collections=[S1], datetime=middle.isoformat().replace("+00:00", "Z"))
    assert item["id"] in ids(search.items())


def test_ids(client, all_items):
    expected = [all_items[S1][5], all_items[S2][50], all_items[LANDSAT][500]]
    assert_same(client.search(ids=ids(expected) + ["no-such-item"]).items(), expected)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_query(client, all_items, method):
    search = client.search(
        method=method, collections=[S2], query={"eo:cloud_cover": {"lt": 10, "gte": 2}, "grid:code": {"startsWith": "MGRS-32"}},
        limit=500)
    expected = [
        item for item in all_items[S2]
        if 2 <= item["properties"].get("eo:cloud_cover", -1) < 10
        and item["properties"]["grid:code"].startswith("MGRS-32")
    ]
    assert search.matched() == len(expected)
    assert_same(search.items(), expected)


CLOUDS_TEXT = "eo:cloud_cover BETWEEN 10 AND 20 AND platform IN ('sentinel-2b') AND \"grid:code\" LIKE 'MGRS-33%'"
CLOUDS_JSON = {
    "op": "and",
    "args": [
        {"op": "between", "args": [{"property": "eo:cloud_cover"}, 10, 20]},
        {"op": "in", "args": [{"property": "platform"}, ["sentinel-2b"]]},
        {"op": "like", "args": [{"property": "grid:code"}, "MGRS-33%"]},
    ],
}


@pytest.mark.parametrize("method, filter, language", [
    ("GET", CLOUDS_TEXT, "cql2-text"), ("POST", CLOUDS_TEXT, "cql2-text"), ("POST", CLOUDS_JSON, "cql2-json"),
])
def test_filter(client, all_items, method, filter, language):
    search = client.search(
        method=method, collections=[S2], filter=filter, filter_lang=language, limit=500)
    expected = [
        item for item in all_items[S2]
        if 10 <= item["properties"].get("eo:cloud_cover", -1) <= 20
        and item["properties"]["platform"] == "sentinel-2b" and item["properties"]["grid:code"].startswith("MGRS-33")
    ]
    assert search.matched() == len(expected)
    assert_same(search.items(), expected)


def test_filter_on_arrays_and_geometry(client, all_items):
    filter = {
        "op": "and",
        "args": [
            {"op": "a_contains", "args": [{"property": "sar:polarizations"}, ["VH"]]},
            {"op": "s_intersects", "args": [{"property": "geometry"}, MUNICH]},
        ],
    }
    expected = [
        item for item in all_items[S1]
        if "VH" in item["properties"]["sar:polarizations"] and intersects(item, shapely.geometry.shape(MUNICH))
    ]
    assert_same(client.search(collections=[S1], filter=filter, limit=500).items(), expected)


def test_filter_of_users(client, all_items, documents):
    """As the program that corrects passes of Sentinel-1 sends it; times have no minutes of their zone."""
    (file,) = documents.glob("terrabyte/sentinel-1-*-filter.json")
    filter = json.loads(file.read_text())
    start, end, mode = (condition["args"][1] for condition in filter["args"])
    expected = [
        item for item in all_items[S1]
        if overlaps(item, start, end) and item["properties"]["sar:instrument_mode"] == mode
    ]
    search = client.search(collections=[S1], filter=filter, limit=500)
    assert search.matched() == len(expected)
    assert_same(search.items(), expected)


@pytest.mark.parametrize("sort, sign", [("+eo:cloud_cover", 1), ("-properties.eo:cloud_cover", -1)])
def test_sortby(client, all_items, sort, sign):
    search = client.search(collections=[LANDSAT], sortby=sort, max_items=700, limit=150)
    # The id decides between equals, in the direction of the first key; Items without a value come last either way.
    items = sorted(all_items[LANDSAT], key=lambda item: item["id"], reverse=sign < 0)
    items.sort(key=lambda item: sign * item["properties"].get("eo:cloud_cover", 0))
    items.sort(key=lambda item: "eo:cloud_cover" not in item["properties"])
    assert [item.id for item in search.items()] == [item["id"] for item in items[:700]]


def test_default_order_is_newest_first(client, all_items):
    newest = sorted(all_items[LANDSAT], key=lambda item: (instant(item["properties"]["datetime"]), item["id"]), reverse=True)
    found = client.search(collections=[LANDSAT], max_items=200).items()
    assert [item.id for item in found] == [item["id"] for item in newest[:200]]


def test_fields(client):
    search = client.search(
        collections=[S2], max_items=3, fields={"include": ["geometry", "properties.eo:cloud_cover"]})
    for item in search.items_as_dicts():
        assert item.keys() == {"type", "stac_version", "id", "collection", "geometry", "properties"}
        assert item["properties"].keys() == {"eo:cloud_cover"}
    search = client.search(collections=[S2], max_items=3, fields={"exclude": ["assets", "properties.created"]})
    for item in search.items_as_dicts():
        assert "assets" not in item and "created" not in item["properties"]
        assert "geometry" in item and "datetime" in item["properties"]


def test_max_items(client):
    assert len(list(client.search(max_items=123, limit=50).items())) == 123


def test_paging_through_5000(client, all_items):
    expected = sorted(ids(all_items[S2]))
    pages = list(client.search(collections=[S2], limit=100, max_items=5000).pages_as_dicts())
    found = [item["id"] for page in pages for item in page["features"]]
    assert len(found) == len(set(found)) == 5000
    assert set(found) <= set(expected)
    assert all(page["numberMatched"] == len(expected) for page in pages)
    # The same in pages of another size.
    again = [item["id"] for item in client.search(collections=[S2], limit=1000, max_items=5000).items_as_dicts()]
    assert again == found


def test_matched(client, all_items):
    assert client.search().matched() == sum(len(items) for items in all_items.values())
    assert client.search(collections=[S1]).matched() == len(all_items[S1])
    assert client.search(collections=[S1], ids=["no-such-item"]).matched() == 0


@pytest.mark.parametrize(
    "q, expected",
    [
        ("SENTINEL", lambda item: item["collection"] in (S1, S2)),
        ("sentinel-2a,sentinel-1b", lambda item: item["properties"]["platform"] in ("sentinel-2a", "sentinel-1b")),
        ("msi AND 2b", lambda item: item["properties"]["platform"] == "sentinel-2b"),
        ("+sentinel -msi", lambda item: item["collection"] == S1),
        ("xyzzy", lambda item: False),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_free_text(server, all_items, method, q, expected):
    # pystac-client knows q for Collections only.
    parameters = {"q": q, "limit": 10_000, "fields": "id,collection"}
    if method == "POST":
        parameters["fields"] = {"include": ["id", "collection"]}
    where = {"params": parameters} if method == "GET" else {"json": parameters}
    page = requests.request(method, f"{server.url}/search", timeout=60, **where).json()
    wanted = {(item["collection"], item["id"]) for items in all_items.values() for item in items if expected(item)}
    assert page["numberMatched"] == len(wanted)
    found = {(item["collection"], item["id"]) for item in page["features"]}
    assert len(found) == min(10_000, len(wanted)) and found <= wanted


@pytest.mark.parametrize(
    "parameters, expected",
    [
        ({"q": "radar,optical"}, None),
        ({"bbox": BAVARIA}, {S1, S2, LANDSAT}),
        ({"datetime": "1970-01-01T00:00:00Z"}, set()),
        ({"filter": f"id = '{S2}'", "filter_lang": "cql2-text"}, {S2}),
        ({"q": "landsat"}, {LANDSAT}),
        ({"sortby": "-id", "limit": 2}, {S1, S2, LANDSAT}),
    ],
)
def test_collection_search(client, parameters, expected):
    search = client.collection_search(**parameters)
    found = [collection.id for collection in search.collections()]
    assert search.matched() == len(found)
    if expected is not None:
        assert set(found) == expected
    if "sortby" in parameters:
        assert found == sorted(found, reverse=True)
