"""The OpenAPI document is valid, and the responses are as it says."""

import html
import json
import re
import subprocess

import jsonschema
import openapi_spec_validator
import pytest
import requests


@pytest.fixture(scope="module")
def document(server):
    landing = requests.get(server.url, timeout=30).json()
    link = next(link for link in landing["links"] if link["rel"] == "service-desc")
    response = requests.get(link["href"], headers={"Accept": link["type"]}, timeout=30)
    assert response.headers["Content-Type"] == link["type"] == "application/vnd.oai.openapi+json;version=3.1"
    return response.json()


def test_document_is_valid(document, server):
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": server.url}]
    openapi_spec_validator.OpenAPIV31SpecValidator(document).validate()


def test_document_has_nothing_of_openapi_3_0(document):
    text = json.dumps(document)
    assert '"nullable"' not in text and '"exclusiveMinimum": true' not in text
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_conformance_claims_the_version_served(document, server):
    classes = requests.get(server.url + "/conformance", timeout=30).json()["conformsTo"]
    assert [uri for uri in classes if "/oas3" in uri] == [
        "http://www.opengis.net/spec/ogcapi-features-1/1.1/conf/oas31"]


def checked(document, path, method, response):
    """The response, after a look at its schema."""
    described = document["paths"][path][method]["responses"][str(response.status_code)]
    if "$ref" in described:
        described = document["components"]["responses"][described["$ref"].rsplit("/", 1)[1]]
    schema = described["content"][response.headers["Content-Type"]]["schema"]
    whole = schema | {"components": document["components"]}
    jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker()).validate(response.json())
    return response


COLLECTION = "sentinel-2-c1-l2a"


@pytest.mark.parametrize("path, query", [
    ("/", ""), ("/conformance", ""), ("/api", ""), ("/queryables", ""), ("/sortables", ""), ("/search", "limit=50"),
    ("/search", "fields=id,-links&limit=3"), ("/search", "bbox=1,2"), ("/collections", ""),
    ("/collections", "fields=title"), ("/collections-search", "q=radar"), ("/collections-queryables", ""),
    ("/collections-sortables", ""), ("/collections/{collection}", ""), ("/collections/{collection}/queryables", ""),
    ("/collections/{collection}/sortables", ""), ("/collections/{collection}/browse", ""),
    ("/collections/{collection}/browse/{period}", ""), ("/collections/{collection}/items", "limit=50"),
    ("/collections/{collection}/items/{item}", ""), ("/collections/{collection}/aggregations", ""),
    ("/aggregations", ""), ("/children", ""),
    ("/aggregate", "aggregations=total_count,datetime_min,datetime_frequency,cloud_cover_frequency"),
    ("/search/explain", ""),
])
def test_responses_are_as_described(document, server, all_items, path, query):
    url = path.format(collection=COLLECTION, period="2020-06", item=all_items[COLLECTION][5]["id"])
    checked(document, path, "get", requests.get(f"{server.url}{url}?{query}", timeout=60))


@pytest.mark.parametrize("path, body", [
    ("/search", {"collections": [COLLECTION], "limit": 5, "sortby": [{"field": "datetime", "direction": "asc"}]}),
    ("/search", {"filter": {"op": "<", "args": [{"property": "eo:cloud_cover"}, 10]}, "query": None}),
    ("/search", {"intersects": {"type": "Point", "coordinates": [11.5, 48.1]}, "fields": {"include": ["id"]}}),
    ("/collections-search", {"q": ["radar", "optical"]}),
    ("/aggregate", {"aggregations": ["datetime_frequency"], "datetime_frequency_interval": "year"}),
    ("/search", {"limit": 0}), ("/search", {"bbox": [1, 2, 3]}), ("/search", {"fields": None}),
    ("/search", {"query": {"a": {"near": 1}}}), ("/search", {"sortby": [{}]}), ("/search", {"datetime": "2020"}),
    ("/aggregate", {"aggregations": ["centroid_geohash_grid_frequency"], "centroid_geohash_grid_frequency_precision": 13}),
])
def test_bodies_are_as_described(document, server, path, body):
    response = checked(document, path, "post", requests.post(server.url + path, json=body, timeout=60))
    schema = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    validator = jsonschema.Draft202012Validator(schema | {"components": document["components"]})
    assert validator.is_valid(body) == (response.status_code == 200)


def test_items_are_taken_as_described(document, all_items, validate_body):
    for item in all_items[COLLECTION][::200]:
        validate_body("Item", item)


@pytest.fixture
def validate_body(document):
    def validate(name, value):
        jsonschema.Draft202012Validator(
            {"$ref": f"#/components/schemas/{name}", "components": document["components"]}).validate(value)

    return validate


def test_parameters_have_examples_that_fit(document):
    for parameter in document["components"]["parameters"].values():
        holder = parameter if "schema" in parameter else parameter["content"]["application/json"]
        if "example" in holder:
            schema = holder["schema"] | {"components": document["components"]}
            jsonschema.Draft202012Validator(schema).validate(holder["example"])


def test_page_allows_nothing_but_its_style(server):
    response = requests.get(server.url + "/api.html", timeout=30)
    policy = response.headers["Content-Security-Policy"]
    nonce = re.search(r"style-src 'nonce-(\w+)'", policy)[1]
    assert policy.startswith("default-src 'none';")
    assert re.findall(r"<style[^>]*>", response.text) == [f'<style nonce="{nonce}">']


def test_example_calls_find_something(server):
    page = requests.get(server.url + "/api.html", timeout=30).text
    calls = [html.unescape(re.sub("<[^>]*>", "", call)) for call in re.findall("<code[^>]*>(curl.*?)</code>", page, re.S)]
    calls = [call for call in calls if "TOKEN" not in call]
    assert len(calls) > 25
    for call in calls:
        result = subprocess.run(
            call.replace("curl", "curl --silent --fail", 1), shell=True, capture_output=True, text=True, timeout=60)
        assert result.returncode == 0, call
        if not result.stdout.startswith("<"):
            body = json.loads(result.stdout)
            for name in ("features", "collections", "aggregations", "links"):
                assert body.get(name) != [], call
