"""What we response is valid, and what real catalogues hold goes through unchanged."""

import functools
import gzip
import json
import urllib.parse

import jsonschema
import pytest
import referencing
import referencing.exceptions
import referencing.jsonschema
import requests

import terrabyte


@pytest.fixture(scope="session")
def validate(schemas):
    """Checks a document against JSON Schemas."""

    def retrieve(uri):
        place = urllib.parse.urlsplit(uri)
        text = schemas.read(place.netloc, place.path)
        if text is None:
            raise referencing.exceptions.NoSuchResource(ref=uri)
        return referencing.Resource.from_contents(
            json.loads(text), default_specification=referencing.jsonschema.DRAFT7)

    registry = referencing.Registry(retrieve=retrieve)

    @functools.cache
    def validator(uri):
        schema = retrieve(uri).contents
        return jsonschema.validators.validator_for(schema, jsonschema.Draft7Validator)(
            {"$ref": uri}, registry=registry)

    def validate(document, kind):
        core = f"https://schemas.stacspec.org/v{document['stac_version']}/{kind}-spec/json-schema/{kind}.json"
        for uri in [core, *document.get("stac_extensions", [])]:
            error = jsonschema.exceptions.best_match(validator(uri).iter_errors(document))
            assert error is None, f"{document['id']}: {uri}: {error.json_path}: {error.message}"

    return validate


def test_landing_page_is_valid(server, validate):
    validate(requests.get(server.url, timeout=30).json(), "catalog")


def test_collections_are_valid(server, validate):
    for collection in requests.get(f"{server.url}/collections", timeout=30).json()["collections"]:
        validate(collection, "collection")


@pytest.mark.parametrize("collection", ["sentinel-1-grd", "sentinel-2-c1-l2a", "landsat-ot-c2-l2"])
def test_items_are_valid(all_items, validate, collection):
    # They are all made alike; a sample of each month is enough.
    for item in all_items[collection][::97]:
        validate(item, "item")


def test_items_go_through_unchanged(documents, tmp_path):
    (file,) = documents.glob("terrabyte/*.items.ndjson.gz")
    home = tmp_path / "home"
    terrabyte.run(home, "items", "load", "--collection-from-items", "--create-collection", str(file))
    generated = {"self", "parent", "collection", "root"}

    def comparable(item):
        # Numbers as they are written: 1.0 is not 1.
        links = [link for link in item.get("links", []) if link["rel"] not in generated]
        return json.dumps(item | {"links": links}, sort_keys=True)

    def read(text):
        return json.loads(text, parse_float=str, parse_int=str)

    with gzip.open(file, "rt") as lines:
        originals = {(item["collection"], item["id"]): comparable(item) for item in map(read, lines)}
    with terrabyte.Server(home) as server:
        for (collection, id), original in originals.items():
            response = requests.get(f"{server.url}/collections/{collection}/items/{id}", timeout=30)
            assert comparable(read(response.text)) == original
