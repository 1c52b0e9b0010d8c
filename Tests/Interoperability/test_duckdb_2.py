"""The next major version of DuckDB, from an environment of its own, reads what the one beside the other clients reads."""

import json
import subprocess

import pytest

import terrabyte

PYTHON = terrabyte.CHECKOUT / ".venv-duckdb-2/bin/python"
COLLECTION = "sentinel-2-c1-l2a"
QUERY = """
import duckdb, json, sys
assert duckdb.__version__.startswith("2."), duckdb.__version__
database = duckdb.connect(sys.argv[1], read_only=True)
database.execute("SET TimeZone = 'UTC'")
# It would be written between the results.
database.execute("SET enable_progress_bar = false")
print(json.dumps([database.execute(query).fetchall() for query in sys.argv[2:]]))
"""


@pytest.fixture(scope="module", params=["geoparquet", "text-assets"])
def exported(request, demo_export):
    if not PYTHON.exists():
        pytest.skip(f"There is no {PYTHON}: make interoperability makes it.")
    return demo_export(request.param)


def ask(folder, *queries):
    result = subprocess.run(
        [str(PYTHON), "-c", QUERY, str(folder / "catalogue.duckdb"), *queries], capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def without_nulls(value):
    if isinstance(value, dict):
        return {key: without_nulls(entry) for key, entry in value.items() if entry is not None}
    return [without_nulls(entry) for entry in value] if isinstance(value, list) else value


@pytest.mark.parametrize("source", ["read_parquet('{folder}/{collection}/*.parquet')", '"{collection}"'])
def test_reads_equal_items(exported, all_items, source):
    source = source.format(folder=exported, collection=COLLECTION)
    (rows,) = ask(
        exported,
        f"""SELECT id, "eo:cloud_cover", strftime(datetime, '%Y-%m-%dT%H:%M:%S'), bbox, assets FROM {source}""")
    items = {item["id"]: item for item in all_items[COLLECTION]}
    assert len(rows) == len(items)
    for name, cloud, moment, box, assets in rows:
        item = items[name]
        assert cloud == item["properties"]["eo:cloud_cover"]
        assert moment == item["properties"]["datetime"][:19]
        assert [box[side] for side in ("xmin", "ymin", "xmax", "ymax")] == item["bbox"]
        assert without_nulls(json.loads(assets) if isinstance(assets, str) else assets) == item["assets"]


def test_finds_what_conditions_say(exported, all_items):
    """With conditions that row groups and pages are passed over by."""
    source = f"read_parquet('{exported}/{COLLECTION}/*.parquet')"
    cases = [(west, month) for west in (6, 9, 12) for month in ("2020-03", "2021-07")]
    found = ask(
        exported,
        *[
            f"""SELECT id FROM {source} WHERE bbox.xmax >= {west} AND bbox.xmin <= {west + 1} AND datetime >= '{month}-01'
            AND datetime < '{month}-28' AND "eo:cloud_cover" < 30""" for west, month in cases])
    for (west, month), rows in zip(cases, found):
        expected = {
            item["id"] for item in all_items[COLLECTION]
            if item["bbox"][2] >= west and item["bbox"][0] <= west + 1
            and f"{month}-01" <= item["properties"]["datetime"][:10] < f"{month}-28"
            and item["properties"]["eo:cloud_cover"] < 30}
        assert expected and {name for (name,) in rows} == expected
