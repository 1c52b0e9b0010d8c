"""Clients that know nothing of the API and follow links."""

import urllib.parse

import pystac

LANDSAT = "landsat-ot-c2-l2"


def catalogs(catalog):
    yield catalog
    for child in catalog.get_children():
        yield from catalogs(child)


def test_pystac_reaches_every_item(server, all_items):
    root = pystac.Catalog.from_file(f"{server.url}/")
    collections = {collection.id: collection for collection in root.get_children()}
    assert set(collections) == set(all_items)
    for name, items in all_items.items():
        linked = []
        for catalog in catalogs(collections[name]):
            links = catalog.get_links("item")
            assert len(links) <= 10_000
            linked += [urllib.parse.unquote(link.target.rsplit("/", 1)[1]) for link in links]
        assert sorted(linked) == sorted(item["id"] for item in items)


def test_pystac_reads_what_is_linked(server, all_items):
    root = pystac.Catalog.from_file(f"{server.url}/")
    year = next(root.get_child(LANDSAT).get_child(f"{LANDSAT}/browse").get_children())
    month = next(year.get_children(), year)
    items = list(month.get_items())
    assert items
    expected = {item["id"]: item["properties"] for item in all_items[LANDSAT]}
    for item in items:
        assert item.properties == expected[item.id]
        assert item.collection_id == LANDSAT
