"""Aggregations, against counts made in Python from all Items."""

from collections import Counter

import requests

S2 = "sentinel-2-c1-l2a"


def aggregate(client, **parameters):
    link = client.get_single_link("aggregate")
    response = requests.get(link.href, params=parameters, timeout=30)
    assert response.status_code == 200, response.text
    return {aggregation["name"]: aggregation for aggregation in response.json()["aggregations"]}


def frequencies(aggregation):
    return {bucket["key"]: bucket["frequency"] for bucket in aggregation["buckets"] if bucket["frequency"]}


def test_frequencies(client, all_items):
    items = [item for item in all_items[S2] if item["properties"]["eo:cloud_cover"] < 20]
    found = aggregate(
        client,
        collections=S2,
        filter="eo:cloud_cover < 20",
        aggregations="total_count,platform_frequency,grid_code_frequency,datetime_frequency,cloud_cover_frequency",
    )
    assert found["total_count"]["value"] == len(items)
    for name, member in (("platform_frequency", "platform"), ("grid_code_frequency", "grid:code")):
        assert frequencies(found[name]) == Counter(item["properties"][member] for item in items)
    months = Counter(item["properties"]["datetime"][:7] + "-01T00:00:00Z" for item in items)
    assert frequencies(found["datetime_frequency"]) == months
    clouds = [item["properties"]["eo:cloud_cover"] for item in items]
    ranges = [bucket["frequency"] for bucket in found["cloud_cover_frequency"]["buckets"]]
    assert ranges == [
        sum(cloud < 5 for cloud in clouds),
        sum(5 <= cloud < 15 for cloud in clouds),
        sum(15 <= cloud < 40 for cloud in clouds),
        0,
    ]


def test_collections(client, all_items):
    found = aggregate(client, aggregations="collection_frequency,datetime_min,datetime_max")
    assert frequencies(found["collection_frequency"]) == {name: len(items) for name, items in all_items.items()}
    assert found["datetime_min"]["value"] < found["datetime_max"]["value"]


def test_all_that_is_listed(client):
    collection = client.get_collection(S2)
    listed = requests.get(collection.get_single_link("aggregations").href, timeout=30).json()["aggregations"]
    names = [aggregation["name"] for aggregation in listed]
    response = requests.post(
        collection.get_single_link("aggregate").href, json={"aggregations": names}, timeout=30
    )
    assert response.status_code == 200, response.text
    total = response.json()["aggregations"][0]["value"]
    for aggregation in response.json()["aggregations"]:
        if "buckets" in aggregation:
            assert sum(bucket["frequency"] for bucket in aggregation["buckets"]) + aggregation["overflow"] == total
