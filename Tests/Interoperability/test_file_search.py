"""Searches over exported files find the Items that the API finds, and so does DuckDB with the SQL of the same filter.
"""

import csv
import io
import json

import pytest
import requests

import rounds
import sql_items
import terrabyte
from test_sql import COLUMNS, StoredItems, columns, connection, terrapi, to_sql, writer  # noqa: F401

FILTERS = rounds.count(20)


@pytest.fixture(scope="module", params=["plain", "mixed"])
def exported(request, writable, writer, tmp_path_factory):  # noqa: F811
    """Items in a catalogue, and in files."""
    is_mixed = request.param == "mixed"
    stored = StoredItems(writable, writer, sql_items.mixed_items() if is_mixed else sql_items.items())
    folder = tmp_path_factory.mktemp("files") / "export"
    terrabyte.run(writable.home, "export", "--to", str(folder), "--collection", stored.collection)
    return is_mixed, stored, folder / stored.collection


def found(folder, *arguments):
    return sorted(terrapi("geoparquet", "search", str(folder), "--format=ids", *arguments).stdout.split("\n")[:-1])


def test_filters(exported, connection):  # noqa: F811
    """All three with the plain Items; properties of several types have no column that SQL could compare."""
    is_mixed, stored, folder = exported
    filters = sql_items.Filters(seed="files", is_mixed=is_mixed)
    counts = set()
    for _ in range(FILTERS):
        filter = filters.expression()
        expected = stored.ids(filter)
        assert found(folder, "--filter", json.dumps(filter)) == expected, json.dumps(filter)
        counts.add(len(expected))
        if not is_mixed:
            # DuckDB makes geometries of its own of a GeoParquet file's.
            sql = to_sql(filter, "--native-geometry", *columns())
            rows = connection.execute(f"SELECT id FROM read_parquet('{folder}/*.parquet') WHERE {sql}").fetchall()
            assert sorted(row[0] for row in rows) == expected, json.dumps(filter)
    assert len(counts) > min(FILTERS, 60) // 4


@pytest.mark.parametrize("parameters", [
    {"bbox": [-10, -20, 60, 40]}, {"bbox": [160, -60, -160, 60]}, {"datetime": "2021-02-01T00:00:00Z/.."},
    {"datetime": "2021-03-01T00:00:00Z"}, {"ids": ["item-003", "item-100", "none"]},
    {"intersects": {"type": "Polygon", "coordinates": [[[0, 0], [90, 5], [40, 60], [0, 0]]]}},
    {"sortby": [{"field": "n:number", "direction": "desc"}, {"field": "t:text", "direction": "asc"}]}, {},
])
def test_parameters(exported, parameters):
    """Also the order."""
    _, stored, folder = exported
    body = {"collections": [stored.collection], "limit": 1000} | parameters
    expected = [item["id"] for item in requests.post(f"{stored.url}/search", json=body, timeout=60).json()["features"]]
    arguments = []
    for name, value in parameters.items():
        if name in ("bbox", "ids"):
            value = ",".join(map(str, value))
        elif name == "sortby":
            value = ",".join(("-" if key["direction"] == "desc" else "+") + key["field"] for key in value)
        elif name == "intersects":
            value = json.dumps(value)
        arguments.append(f"--{name}={value}")
    output = terrapi("geoparquet", "search", str(folder), "--format=ids", *arguments).stdout
    assert output.split("\n")[:-1] == expected


def test_items_and_files(exported, tmp_path):
    """Items as they are in the catalogue; and a file of what was found finds the same."""
    _, stored, folder = exported
    url = f"{stored.url}/collections/{stored.collection}/items?limit=1000"
    expected = {item["id"]: item["properties"] for item in requests.get(url, timeout=60).json()["features"]}
    lines = terrapi("geoparquet", "search", str(folder)).stdout.split("\n")[:-1]
    assert {item["id"]: item["properties"] for item in map(json.loads, lines)} == expected
    copy = tmp_path / "copy.parquet"
    terrapi("geoparquet", "search", str(folder), "--format=parquet", f"--output={copy}")
    assert found(copy) == sorted(expected)
    assert terrapi("geoparquet", "validate", str(folder), str(copy)).stdout == ""
    assert f"rows: {len(expected)}" in terrapi("geoparquet", "info", str(copy)).stdout


@pytest.mark.parametrize("arguments, warning", [
    (["--filter", "eo:cloudcover < 5"], "no file has the property 'eo:cloudcover' (did you mean 'eo:cloud_cover'?)."),
    (["--sortby=-quite.another"], "no file has the property 'quite.another'."),
    (["--filter", "eo:cloud_cover < 5 AND id = 'b'", "--sortby", "-datetime,collection"], ""),
])
def test_misspelt_properties_are_said(demo_export, arguments, warning):
    result = terrapi("geoparquet", "search", str(demo_export("geoparquet") / "landsat-ot-c2-l2"), "--format=count", *arguments)
    assert result.stderr == (f"Warning: {warning}\n" if warning else "")


def test_csv(exported):
    """As Python's own reader reads it, with values that need quotation marks."""
    _, stored, folder = exported
    output = terrapi("geoparquet", "search", str(folder), "--format", "csv", "--fields", "t:text,bbox,geometry").stdout
    rows = list(csv.DictReader(io.StringIO(output, newline="")))
    url = f"{stored.url}/collections/{stored.collection}/items?limit=1000"
    items = requests.get(url, timeout=60).json()["features"]
    assert [row["id"] for row in rows] == [item["id"] for item in items]
    for row, item in zip(rows, items):
        assert row["t:text"] == (item["properties"].get("t:text") or "")
        assert json.loads(row["geometry"] or "null") == item["geometry"]


def test_faults(exported, tmp_path):
    _, _, folder = exported
    file = next(folder.glob("*.parquet"))
    (tmp_path / "cut.parquet").write_bytes(file.read_bytes()[:-100])
    for arguments, word in [
            ([str(file), "--bbox=1,2,3"], "--bbox"), ([str(file), "--filter=a <"], "--filter"),
            ([str(file), "--datetime=yesterday"], "--datetime"), ([str(file), "--intersects={}"], "--intersects"),
            ([str(file), str(tmp_path)], "cut.parquet"), ([str(tmp_path / "none")], "no such file")]:
        result = terrapi("geoparquet", "search", *arguments, check=False)
        assert result.returncode != 0 and word in result.stderr, arguments
        assert result.stdout == ""
    result = terrapi("geoparquet", "validate", str(tmp_path), check=False)
    assert result.returncode == 1 and "cut.parquet" in result.stdout
