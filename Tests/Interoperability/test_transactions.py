"""Curators write while others read."""

import copy
import threading

import pystac_client
import pytest
import requests
import shapely

import terrabyte

COLLECTION = "landsat-ot-c2-l2"


def without_links(document):
    return {name: value for name, value in document.items() if name != "links"}


@pytest.fixture
def item(writable):
    """An Item to start from, that is not in the catalogue."""
    page = requests.get(f"{writable.url}/collections/{COLLECTION}/items?limit=1", timeout=30).json()
    item = without_links(page["features"][0]) | {"id": "written", "links": []}
    yield item
    # Whatever the test has left.
    requests.delete(
        f"{writable.url}/collections/{COLLECTION}/items/written", timeout=30,
        headers={"Authorization": f"Bearer {terrabyte.TOKEN}"})


def test_writing_needs_the_token(writable, item):
    url = f"{writable.url}/collections/{COLLECTION}/items"
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        response = requests.post(url, json=item, headers=headers, timeout=30)
        assert response.status_code == 401
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_life_of_an_item(writable, operator, item):
    items = f"{writable.url}/collections/{COLLECTION}/items"
    catalogue = pystac_client.Client.open(writable.url)

    created = operator.post(items, json=item, timeout=30)
    assert created.status_code == 201
    assert created.headers["Location"] == f"{items}/written"
    assert without_links(created.json()) == without_links(item)
    assert catalogue.search(ids=["written"]).matched() == 1, "what was written is found at once"
    assert operator.post(items, json=item, timeout=30).status_code == 409

    changed = copy.deepcopy(item)
    changed["properties"]["eo:cloud_cover"] = 12.345
    stale = created.headers["ETag"]
    replaced = operator.put(f"{items}/written", json=changed, headers={"If-Match": stale}, timeout=30)
    assert replaced.status_code == 200
    assert replaced.headers["ETag"] != stale
    assert operator.put(f"{items}/written", json=item, headers={"If-Match": stale}, timeout=30).status_code == 412
    assert catalogue.search(filter="eo:cloud_cover = 12.345", filter_lang="cql2-text").matched() == 1

    assert operator.delete(f"{items}/written", timeout=30).json() == {"deleted item": "written"}
    assert operator.get(f"{items}/written", timeout=30).status_code == 404
    assert operator.delete(f"{items}/written", timeout=30).status_code == 404
    assert operator.put(f"{items}/written", json=item, timeout=30).status_code == 404
    assert catalogue.search(ids=["written"]).matched() == 0


def test_items_by_feature_collection(writable, operator, item):
    items = f"{writable.url}/collections/{COLLECTION}/items"
    several = {"type": "FeatureCollection", "features": [item | {"id": f"several-{number}"} for number in range(20)]}
    assert operator.post(items, json=several, timeout=30).status_code == 201
    again = operator.post(items, json=several, timeout=30)
    assert again.status_code == 409 and "several-0" in again.json()["detail"]
    search = pystac_client.Client.open(writable.url).search(ids=[feature["id"] for feature in several["features"]])
    assert search.matched() == 20
    for feature in several["features"]:
        assert operator.delete(f"{items}/{feature['id']}", timeout=30).status_code == 200


@pytest.mark.parametrize("change, word", [
    ({"type": "Item"}, "type"), ({"id": 5}, "id"), ({"geometry": {"type": "Point"}}, "geometry"),
    ({"properties": {"datetime": "soon"}}, "properties.datetime"), ({"assets": []}, "assets"),
])
def test_faults_are_named(writable, operator, item, change, word):
    response = operator.post(f"{writable.url}/collections/{COLLECTION}/items", json=item | change, timeout=30)
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert word in response.json()["detail"]


def test_path_says_the_collection(writable, operator, item):
    items = f"{writable.url}/collections/{COLLECTION}/items"
    response = operator.post(items, json=item | {"collection": "sentinel-1-grd"}, timeout=30)
    assert response.status_code == 400 and response.json()["detail"].startswith("collection: ")
    without = {name: value for name, value in item.items() if name != "collection"}
    response = operator.post(items, json=without, timeout=30)
    assert response.status_code == 201
    assert response.json()["collection"] == COLLECTION


def test_life_of_a_collection(writable, operator):
    """As terrapi does it: PUT to /collections, without an id in the path."""
    collections = f"{writable.url}/collections"
    collection = {
        "type": "Collection", "stac_version": "1.1.0", "id": "di99abc.fields", "description": "Fields", "license": "other",
        "extent": {"spatial": {"bbox": [[5, 47, 15, 55]]}, "temporal": {"interval": [["2020-01-01T00:00:00Z", None]]}},
        "links": [],
    }
    assert operator.put(collections, json=collection, timeout=30).status_code == 404
    created = operator.post(collections, json=collection, timeout=30)
    assert created.status_code == 201
    served = without_links(created.json())
    assert served.pop("stats:items") == {"count": 0}
    assert served.pop("stac_extensions")[-1].startswith("https://stac-extensions.github.io/stats/")
    assert served == {name: value for name, value in without_links(collection).items() if name != "stac_extensions"}
    assert operator.post(collections, json=collection, timeout=30).status_code == 409

    collection["title"] = "Fields of 2020"
    assert operator.put(collections, json=collection, timeout=30).status_code == 200
    assert pystac_client.Client.open(writable.url).get_collection("di99abc.fields").title == "Fields of 2020"
    collection["title"] = "Fields since 2020"
    assert operator.put(f"{collections}/di99abc.fields", json=collection, timeout=30).status_code == 200

    response = operator.delete(f"{collections}/di99abc.fields", timeout=30)
    assert response.json() == {"deleted collection": "di99abc.fields"}
    assert operator.get(f"{collections}/di99abc.fields", timeout=30).status_code == 404


def test_collection_tells_the_truth(writable, operator, all_items):
    """The extent and the count are those of the Items, and pystac's way of writing does not make them the curator's."""
    url = f"{writable.url}/collections/{COLLECTION}"
    response = operator.get(url, timeout=30)
    collection = pystac_client.Client.open(writable.url).get_collection(COLLECTION)
    items = all_items[COLLECTION]
    assert collection.extra_fields["stats:items"] == {"count": len(items)}
    boxes = [shapely.geometry.shape(item["geometry"]).bounds for item in items]
    assert collection.extent.spatial.bboxes == [
        [f(box[n] for box in boxes) for n, f in enumerate((min, min, max, max))]]
    written = collection.to_dict(include_self_link=False, transform_hrefs=False)
    put = operator.put(url, json=written, headers={"If-Match": response.headers["ETag"]}, timeout=30)
    assert put.status_code == 200
    served, before = put.json(), response.json()
    assert served["terrabyte:derived"] == before["terrabyte:derived"]
    assert served["summaries"] == before["summaries"] and served["extent"] == before["extent"]


def test_reading_while_writing(writable, operator, item):
    """Pages neither skip nor repeat Items that are not being written."""
    items = f"{writable.url}/collections/{COLLECTION}/items"
    catalogue = pystac_client.Client.open(writable.url)
    before = {entry["id"] for entry in catalogue.search(collections=[COLLECTION], limit=1000).items_as_dicts()}
    faults, stop = [], threading.Event()

    def write():
        number = 0
        with requests.Session() as session:
            session.headers.update(operator.headers)
            while not stop.is_set():
                id = f"passing-{number % 7}"
                for method, url in (("POST", items), ("PUT", f"{items}/{id}"), ("DELETE", f"{items}/{id}")):
                    body = item | {"id": id, "properties": item["properties"] | {"eo:cloud_cover": number % 100}}
                    response = session.request(method, url, json=None if method == "DELETE" else body, timeout=30)
                    if not response.ok:
                        faults.append(response.text)
                number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for sort in ("eo:cloud_cover", "-datetime", "id"):
            found = [
                entry["id"] for entry in catalogue.search(collections=[COLLECTION], sortby=sort, limit=97).items_as_dicts()
            ]
            steady = [id for id in found if not id.startswith("passing-")]
            assert len(steady) == len(set(steady)), sort
            assert set(steady) == before, sort
    finally:
        stop.set()
        writer.join()
    assert not faults, faults[:3]
