"""The field's own validators have nothing to say against our responses."""

import json

import pytest
import requests
import stac_api_validator.validations
import stac_check.lint
import stac_validator.stac_validator

import terrabyte
from schema_mirror import SchemaMirror

COLLECTIONS = ["sentinel-1-grd", "sentinel-2-c1-l2a", "landsat-ot-c2-l2"]
SOUTH = {"type": "Polygon", "coordinates": [[[5.9, 47.2], [13.9, 47.2], [13.9, 55], [5.9, 55], [5.9, 47.2]]]}

# The validator's names of classes, and what says in conformsTo that an API has them.
CLASSES = {
    "core": "/core", "children": "/children", "browseable": "/browseable", "collections": "/collections",
    "features": "/ogcapi-features", "features#filter": "/conf/features-filter", "item-search": "/item-search",
    "filter": "/item-search#filter", "item-search#fields": "/item-search#fields",
    "item-search#sort": "/item-search#sort", "item-search#query": "/item-search#query",
}


@pytest.fixture
def mirror():
    """Nothing is fetched but from the server and the best mirror of JSON Schemas that there is."""
    mirror = SchemaMirror.published() or SchemaMirror.bundled()
    with mirror.instead_of_network():
        yield mirror
    assert not [url for url in mirror.missing if "schema" in url], "the mirror lacks schemas"


@pytest.fixture
def query(all_items):
    """Values for searches with the Query extension, such that there is something to be found."""
    cloud = all_items["sentinel-2-c1-l2a"][500]["properties"]["eo:cloud_cover"]
    return stac_api_validator.validations.QueryConfig(
        query_comparison_field="eo:cloud_cover", query_eq_value=cloud, query_neq_value=cloud, query_lt_value="50",
        query_lte_value="50", query_gt_value="50", query_gte_value="50", query_substring_field="platform",
        query_starts_with_value="sent", query_ends_with_value="2b", query_contains_value="inel",
        # It compares letters: only values of one letter are found in themselves.
        query_in_field="mgrs:latitude_band", query_in_values="U,T")


@pytest.mark.parametrize("name", CLASSES)
def test_stac_api_validator(server, mirror, query, name):
    claimed = requests.get(f"{server.url}/conformance", timeout=30).json()["conformsTo"]
    if not any(uri.endswith(CLASSES[name]) for uri in claimed):
        pytest.skip("The API does not claim this class.")
    warnings, errors = stac_api_validator.validations.validate_api(
        root_url=server.url, ccs_to_validate=[name], collection="sentinel-2-c1-l2a", geometry=json.dumps(SOUTH),
        auth_bearer_token=terrabyte.TOKEN, auth_query_parameter=None,
        fields_nested_property="properties.eo:cloud_cover", validate_pagination=True, query_config=query,
        transaction_collection=None, headers=None, open_assets_urls=False)
    assert [str(error) for error in errors] == []


def test_stac_api_validator_of_transactions(writable, mirror):
    """It takes no response to a change that has a body, and begins by deleting the Item that it is going to create."""
    root, collection = writable.url, "sentinel-2-c1-l2a"
    claimed = requests.get(f"{root}/conformance", timeout=30).json()["conformsTo"]
    assert any(uri.endswith("/ogcapi-features/extensions/transaction") for uri in claimed)
    item = requests.get(f"{root}/collections/{collection}/items?limit=1", timeout=30).json()["features"][0]
    item["id"] = "S2A_47XNF_20230423_0_L2A"
    requests.post(
        f"{root}/collections/{collection}/items", json=item, timeout=30,
        headers={"Authorization": f"Bearer {terrabyte.TOKEN}"}).raise_for_status()
    warnings, errors = stac_api_validator.validations.validate_api(
        root_url=root, ccs_to_validate=["transaction"], collection=collection, geometry=json.dumps(SOUTH),
        auth_bearer_token=terrabyte.TOKEN, auth_query_parameter=None, fields_nested_property=None,
        validate_pagination=False, query_config=None, transaction_collection=collection,
        headers={"Prefer": "return=minimal"}, open_assets_urls=False)
    assert [str(error) for error in errors] == []


def documents(server):
    """A landing page, Collections, and Items from several times of each Collection."""
    yield requests.get(server.url, timeout=30).json()
    for collection in COLLECTIONS:
        yield requests.get(f"{server.url}/collections/{collection}", timeout=30).json()
        for month in ("2020-01", "2020-07", "2021-11"):
            search = {"collections": collection, "datetime": f"{month}-01T00:00:00Z/..", "sortby": "datetime", "limit": 5}
            features = requests.get(f"{server.url}/search", params=search, timeout=30).json()["features"]
            assert len(features) == 5
            yield from features
            yield requests.get(f"{server.url}/collections/{collection}/items/{features[0]['id']}", timeout=30).json()


def test_stac_validator(server, mirror):
    for document in documents(server):
        validator = stac_validator.stac_validator.StacValidate()
        assert validator.validate_dict(document), validator.message


@pytest.mark.parametrize("path", ["/search?limit=30", *(f"/collections/{name}/items?limit=30" for name in COLLECTIONS)])
def test_stac_validator_on_item_collections(server, mirror, path):
    validator = stac_validator.stac_validator.StacValidate(server.url + path, item_collection=True)
    validator.validate_item_collection()
    assert [message["valid_stac"] for message in validator.message] == [True] * 30, validator.message


def test_stac_check(server, mirror):
    for document in documents(server):
        linter = stac_check.lint.Linter(document)
        assert linter.valid_stac, linter.error_msg
        assert not linter.geometry_errors_msg[1:], linter.geometry_errors_msg
