"""Exports as GeoParquet: what other programs read in them, and what readers see while they are made."""

import copy
import datetime
import json
import random
import signal
import subprocess
import time

import duckdb
import geopandas
import pyarrow.dataset
import pyarrow.parquet
import pytest
import requests
import rustac
import stac_geoparquet.arrow

import rounds
import terrabyte

KILLS = rounds.count(8)
SEED = rounds.seed(20260101)
COLLECTION = "sentinel-2-c1-l2a"


@pytest.fixture(scope="module")
def exported(demo_export):
    return demo_export("geoparquet")


def files(folder, collection=COLLECTION):
    return sorted((folder / collection).glob("*.parquet"))


def comparable(value, name=None):
    """An Item without what two ways of reading may write differently: the order of members, and how an instant is
    written. Links that an API makes are not in files."""
    if isinstance(value, dict):
        return {key: comparable(entry, key) for key, entry in value.items() if entry is not None or key == "datetime"}
    if isinstance(value, (list, tuple)):
        return [comparable(entry) for entry in value]
    if name in ("datetime", "start_datetime", "end_datetime", "created", "updated") and isinstance(value, str):
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    if isinstance(value, datetime.datetime):
        return value if value.tzinfo else value.replace(tzinfo=datetime.timezone.utc)
    return value


def by_id(items):
    result = {}
    for item in items:
        item = comparable(item)
        item["links"] = [
            link for link in item.get("links", []) if link["rel"] not in ("self", "parent", "collection", "root")]
        result[item["id"]] = item
    return result


@pytest.fixture(scope="module")
def expected(all_items):
    return {collection: by_id(items) for collection, items in all_items.items()}


@pytest.mark.parametrize("collection", ["sentinel-1-grd", "sentinel-2-c1-l2a", "landsat-ot-c2-l2"])
def test_stac_geoparquet_reads_equal_items(exported, expected, collection):
    items = []
    for file in files(exported, collection):
        items += stac_geoparquet.arrow.stac_table_to_items(pyarrow.parquet.read_table(file))
    assert by_id(items) == expected[collection]


def test_rustac_reads_equal_items(exported, expected):
    items = []
    for file in files(exported):
        items += rustac.read_sync(str(file))["features"] if hasattr(rustac, "read_sync") else read(file)["features"]
    assert by_id(items) == expected[COLLECTION]


def read(path):
    import asyncio

    async def go():
        return await rustac.read(str(path))

    return asyncio.run(go())


def test_geopandas_reads_places_and_properties(exported, expected):
    for file in files(exported):
        frame = geopandas.read_parquet(file)
        assert frame.crs.to_epsg() == 4326 or frame.crs.to_string() == "OGC:CRS84"
        for row in frame.itertuples():
            item = expected[COLLECTION][row.id]
            assert comparable(row.geometry.__geo_interface__) == item["geometry"]
            assert row.datetime == item["properties"]["datetime"]
        clouds = dict(zip(frame["id"], frame["eo:cloud_cover"]))
        assert clouds == {name: expected[COLLECTION][name]["properties"]["eo:cloud_cover"] for name in clouds}


def test_duckdb_reads_files_and_views(exported, expected):
    glob = str(exported / COLLECTION / "*.parquet")
    database = duckdb.connect(str(exported / "catalogue.duckdb"), read_only=True)
    database.execute("SET TimeZone = 'UTC'")
    for source in (f"read_parquet('{glob}')", f'"{COLLECTION}"'):
        rows = database.execute(f'SELECT id, "eo:cloud_cover", epoch_us(datetime), bbox, assets FROM {source}').fetchall()
        assert len(rows) == len(expected[COLLECTION])
        for name, cloud, moment, box, assets in rows:
            item = expected[COLLECTION][name]
            assert cloud == item["properties"]["eo:cloud_cover"]
            assert moment == round(item["properties"]["datetime"].timestamp() * 1_000_000)
            assert [box[side] for side in ("xmin", "ymin", "xmax", "ymax")] == item["bbox"]
            assert comparable(assets) == item["assets"]
    views = {name for (name,) in database.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()}
    assert views == set(expected)


def test_files_say_what_they_are(exported, expected):
    for file in files(exported):
        metadata = pyarrow.parquet.ParquetFile(file).metadata
        geo = json.loads(metadata.metadata[b"geo"])
        assert geo["version"] == "1.1.0" and geo["primary_column"] == "geometry"
        assert geo["columns"]["geometry"]["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
        item = json.loads(metadata.metadata[b"stac-geoparquet"])
        assert item["version"] == "1.1.0" and item["collections"][COLLECTION]["type"] == "Collection"
    manifest = json.loads((exported / COLLECTION / "_export/manifest.json").read_text())
    assert manifest["items"] == len(expected[COLLECTION])
    for entry in manifest["files"]:
        assert (exported / COLLECTION / entry["name"]).stat().st_size == entry["bytes"]


def test_geo_metadata_follows_the_schema(exported, documents):
    import jsonschema

    (file,) = documents.glob("geoparquet/*/schema.json")
    schema = json.loads(file.read_text())
    for file in files(exported):
        geo = json.loads(pyarrow.parquet.ParquetFile(file).metadata.metadata[b"geo"])
        jsonschema.validate(geo, schema | {"properties": schema["properties"] | {"version": {"const": "1.1.0"}}})


def test_assets_as_text(demo_export, exported, expected, tmp_path):
    """One column of JSON text for those who parse assets themselves; loaded again, Items are what they were."""
    folder = demo_export("text-assets")
    assert "JSON text" not in (folder.parent / "report").read_text()
    for collection, items in expected.items():
        source = f"read_parquet('{folder / collection}/*.parquet')"
        rows = duckdb.sql(f"SELECT id, assets FROM {source}").fetchall()
        assert {name: comparable(json.loads(assets)) for name, assets in rows} == {
            name: item["assets"] for name, item in items.items()}
        # The other columns are the same.
        others = f"read_parquet('{exported / collection}/*.parquet')"
        for one, other in [(source, others), (others, source)]:
            difference = f"SELECT * EXCLUDE (assets) FROM {one} EXCEPT SELECT * EXCLUDE (assets) FROM {other}"
            assert duckdb.sql(f"SELECT count(*) FROM ({difference})").fetchone() == (0,)
    href = duckdb.sql(
        f"SELECT id, json_extract_string(assets, '$.B04.href') FROM read_parquet('{folder / COLLECTION}/*.parquet')")
    assert dict(href.fetchall()) == {name: item["assets"]["B04"]["href"] for name, item in expected[COLLECTION].items()}
    home = tmp_path / "again"
    terrabyte.run(home, "collections", "put", str(folder / "landsat-ot-c2-l2/_export/collection.json"))
    # The folder as a whole: its other documents hold no Items.
    terrabyte.run(home, "items", "load", "--collection", "landsat-ot-c2-l2", str(folder / "landsat-ot-c2-l2"))
    with terrabyte.Server(home) as server:
        response = requests.get(f"{server.url}/search?limit=10000", timeout=120).json()
    assert by_id(response["features"]) == expected["landsat-ot-c2-l2"]


def test_readers_of_folders(exported, expected):
    """Whole folders, in which lists stand beside the files."""
    folder = exported / COLLECTION
    count = len(expected[COLLECTION])
    assert len(geopandas.read_parquet(folder)) == count
    assert pyarrow.dataset.dataset(folder).count_rows() == count
    for pattern in ("", "/*", "/*.parquet"):
        assert duckdb.sql(f"SELECT count(*) FROM read_parquet('{folder}{pattern}')").fetchone() == (count,)
    names = [path.name for path in folder.iterdir() if not path.name.startswith("_")]
    assert names and all(name.endswith(".parquet") for name in names)


# MARK: Again


def listing(folder):
    return {
        str(path.relative_to(folder)): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock"}


def put(home, collection, items):
    lines = "".join(json.dumps(item) + "\n" for item in items)
    terrabyte.run(home, "items", "load", "--collection", collection, "-", input=lines)


@pytest.fixture
def small(tmp_path):
    home = tmp_path / "home"
    collection = {
        "type": "Collection", "stac_version": "1.1.0", "id": "small", "description": "Few.", "license": "other",
        "links": [], "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [[None, None]]}}}
    terrabyte.run(home, "collections", "put", "-", input=json.dumps(collection))
    put(home, "small", [item(number) for number in range(3_000)])
    return home


def item(number, /, **properties):
    x, y = number % 350 - 175, number % 160 - 80
    return {
        "type": "Feature", "stac_version": "1.1.0", "id": f"item-{number:05}", "collection": "small",
        "geometry": {"type": "Point", "coordinates": [x, y]}, "bbox": [x, y, x, y],
        "properties": {"datetime": f"{2015 + number % 8}-0{number % 9 + 1}-01T00:00:00Z", "number": number} | properties,
        "links": [], "assets": {"data": {"href": f"https://example.com/{number}.tif", "roles": ["data"]}}}


def test_an_export_without_changes_writes_nothing(small, tmp_path):
    folder = tmp_path / "files"
    terrabyte.run(small, "export", "--to", str(folder))
    before = listing(folder)
    report = terrabyte.run(small, "export", "--to", str(folder)).stdout
    assert listing(folder) == before
    assert ", 0 written now" in report


def test_only_spans_that_changed_are_written(small, tmp_path):
    folder = tmp_path / "files"
    terrabyte.run(small, "export", "--to", str(folder))
    before = listing(folder / "small")
    # One Item moves from 2016 to 2019, one is new in 2020, one goes from 2015.
    moved = item(1)
    moved["properties"]["datetime"] = "2019-05-05T00:00:00Z"
    new = item(100_000)
    new["properties"]["datetime"] = "2020-05-05T00:00:00Z"
    put(small, "small", [moved, new])
    terrabyte.run(small, "items", "delete", "--collection", "small", "item-00000")
    report = terrabyte.run(small, "export", "--to", str(folder)).stdout
    after = listing(folder / "small")
    changed = {name[:4] for name in before.keys() ^ after.keys() if name.endswith(".parquet")}
    assert changed == {"2015", "2016", "2019", "2020"}
    kept = [name for name in before.keys() & after.keys() if name.endswith(".parquet")]
    assert len(kept) == 4 and all(before[name] == after[name] for name in kept)
    assert ", 4 written now" in report
    rows = duckdb.sql(f"SELECT id FROM read_parquet('{folder}/small/*.parquet')").fetchall()
    assert {name for (name,) in rows} == {f"item-{number:05}" for number in range(1, 3_000)} | {"item-100000"}


def test_values_of_several_types_are_kept_and_named(small, tmp_path):
    folder = tmp_path / "files"
    terrabyte.run(small, "export", "--to", str(folder))
    put(small, "small", [item(7, number="seven"), item(8, list=[1, "two", {"three": None}], empty={})])
    report = terrabyte.run(small, "export", "--to", str(folder)).stdout
    assert "small: 3,000 Items" in report and "list.element, number" in report.replace("empty, ", "")
    query = f"SELECT number FROM read_parquet('{folder}/small/*.parquet') WHERE id IN ('item-00007', 'item-00009')"
    assert {value for (value,) in duckdb.sql(query).fetchall()} == {'"seven"', "9"}


def test_another_layout_makes_all_files_new(small, tmp_path):
    folder = tmp_path / "files"

    def kind():
        query = f"DESCRIBE SELECT assets FROM read_parquet('{folder}/small/*.parquet')"
        return duckdb.sql(query).fetchone()[1].partition("(")[0]

    for layout, type_name in [("geoparquet", "STRUCT"), ("text-assets", "VARCHAR"), ("geoparquet", "STRUCT")]:
        report = terrabyte.run(small, "export", "--to", str(folder), "--layout", layout).stdout
        assert ", 8 written now" in report and kind() == type_name
        report = terrabyte.run(small, "export", "--to", str(folder), "--layout", layout).stdout
        assert ", 0 written now" in report and kind() == type_name


def test_an_export_can_be_loaded_as_a_whole(small, tmp_path, all_items, demo_export):
    """Collections are made where there are none, and each Item goes into its own."""
    home = tmp_path / "again"
    exported = demo_export("geoparquet")
    report = terrabyte.run(home, "items", "load", str(exported)).stdout
    assert {line for line in report.splitlines() if line.startswith("Created")} == {f"Created {name}" for name in all_items}
    with terrabyte.Server(home) as server:
        for name, items in all_items.items():
            page = requests.get(f"{server.url}/collections/{name}/items?limit=10", timeout=60).json()
            assert page["numberMatched"] == len(items)
    again = terrabyte.run(home, "items", "load", str(exported / COLLECTION)).stdout
    assert "Created" not in again and f"{len(all_items[COLLECTION]):,} unchanged" in again
    only = terrabyte.run(home, "items", "load", "--collection", COLLECTION, str(exported)).stdout
    assert f"{len(all_items[COLLECTION]):,} Items read" in only
    assert terrabyte.run(home, "items", "load", "--collection", "none", str(exported), check=False).returncode == 1
    plain = terrabyte.run(home, "items", "load", str(exported / COLLECTION / files(exported)[0].name), check=False)
    assert plain.returncode == 64 and "--collection-from-items" in plain.stderr


def test_an_export_with_the_names_of_earlier_versions(small, tmp_path):
    """Its files are used again, and it can be loaded."""
    folder = tmp_path / "files"
    terrabyte.run(small, "export", "--to", str(folder))
    (folder / "_manifest.json").rename(folder / "manifest.json")
    for path in list((folder / "small/_export").glob("*.json")):
        path.rename(folder / "small" / path.name)
    (folder / "small/_export").resolve().rmdir()
    home = tmp_path / "again"
    assert "3,000 created" in terrabyte.run(home, "items", "load", str(folder)).stdout
    before = listing(folder / "small")
    assert ", 0 written now" in terrabyte.run(small, "export", "--to", str(folder)).stdout
    after = listing(folder / "small")
    assert {name for name in after if name.endswith(".json")} == {"_export/collection.json", "_export/manifest.json"}
    assert {name: entry for name, entry in after.items() if name.endswith(".parquet")} == {
        name: entry for name, entry in before.items() if name.endswith(".parquet")}
    assert sorted(path.name for path in folder.glob("*.json")) == ["_manifest.json"]


def test_collections_that_go_leave_the_export(small, tmp_path):
    folder = tmp_path / "files"
    terrabyte.run(small, "export", "--to", str(folder))
    terrabyte.run(small, "collections", "delete", "small")
    assert "small: removed" in terrabyte.run(small, "export", "--to", str(folder)).stdout
    assert not (folder / "small").exists()
    assert duckdb.connect(str(folder / "catalogue.duckdb"), read_only=True).execute("SHOW TABLES").fetchall() == []


def test_a_folder_that_is_not_ours_is_left_alone(small, tmp_path):
    folder = tmp_path / "files"
    (folder / "small").mkdir(parents=True)
    (folder / "small/mine.txt").write_text("mine")
    result = terrabyte.run(small, "export", "--to", str(folder), check=False)
    assert result.returncode == 1 and "not from an export" in result.stderr
    assert (folder / "small/mine.txt").read_text() == "mine"


def test_a_collection_says_where_its_files_are(small, tmp_path):
    folder = tmp_path / "files"
    for _ in range(2):
        terrabyte.run(small, "export", "--to", str(folder), "--mirror", f"file://{folder}")
    collection = json.loads(terrabyte.run(small, "collections", "get", "small").stdout)
    asset = collection["assets"]["geoparquet"]
    assert asset["roles"] == ["collection-mirror"] and asset["type"] == "application/vnd.apache.parquet"
    assert duckdb.sql(f"SELECT count(*) FROM read_parquet('{asset['href'].removeprefix('file://')}')").fetchone() == (3000,)


# MARK: While others do something


def test_a_running_server_writes_while_its_catalogue_is_exported(small, tmp_path, operator):
    folder = tmp_path / "files"
    with terrabyte.Server(small) as server:
        for number in range(3_000, 3_050):
            operator.post(f"{server.url}/collections/small/items", json=item(number), timeout=60).raise_for_status()
        export = subprocess.Popen(
            terrabyte.arguments(small, "export", "--to", str(folder)), stdout=subprocess.PIPE, env=terrabyte.environment())
        for number in range(3_050, 3_150):
            operator.post(f"{server.url}/collections/small/items", json=item(number), timeout=60).raise_for_status()
        assert export.wait(timeout=120) == 0
        export.stdout.close()
        names = {n for (n,) in duckdb.sql(f"SELECT id FROM read_parquet('{folder}/small/*.parquet')").fetchall()}
        # One moment: all Items up to some number.
        assert names == {f"item-{number:05}" for number in range(len(names))} and len(names) >= 3_050
        terrabyte.run(small, "export", "--to", str(folder))
    names = {n for (n,) in duckdb.sql(f"SELECT id FROM read_parquet('{folder}/small/*.parquet')").fetchall()}
    assert len(names) == 3_150


def test_a_server_exports_on_its_own(small, tmp_path, operator):
    folder = tmp_path / "files"
    (small / "terrabyte.json").write_text(json.dumps({"export": {"directory": str(folder), "intervalSeconds": 1}}))
    with terrabyte.Server(small) as server:
        operator.post(f"{server.url}/collections/small/items", json=item(9_999), timeout=60).raise_for_status()
        deadline = time.monotonic() + 60
        query = f"SELECT count(*) FROM read_parquet('{folder}/small/*.parquet') WHERE id = 'item-09999'"
        # The files are another process's: there is nothing to be waited for but them.
        while not (folder / "small").exists() or duckdb.sql(query).fetchone() != (1,):
            assert time.monotonic() < deadline, "".join(server.log)
            time.sleep(0.2)
        assert server.stop() == 0


def test_whenever_an_export_is_killed_readers_see_the_old_or_the_new_one(small, tmp_path):
    folder = tmp_path / "files"
    terrabyte.run(small, "export", "--to", str(folder))
    start = time.monotonic()
    terrabyte.run(small, "export", "--to", str(folder / "timed"))
    duration = time.monotonic() - start
    generator = random.Random(SEED)
    revision = 0

    def revisions():
        rows = duckdb.sql(
            f"SELECT DISTINCT revision, count(*) FROM read_parquet('{folder}/small/*.parquet') GROUP BY 1").fetchall()
        assert len(rows) == 1 and rows[0][1] == 3_000, rows
        view = duckdb.connect(str(folder / "catalogue.duckdb"), read_only=True)
        assert view.execute('SELECT count(*) FROM "small"').fetchone() == (3_000,)
        return rows[0][0]

    put(small, "small", [item(number, revision=0) for number in range(3_000)])
    terrabyte.run(small, "export", "--to", str(folder))
    for _ in range(KILLS):
        revision += 1
        put(small, "small", [item(number, revision=revision) for number in range(3_000)])
        process = subprocess.Popen(
            terrabyte.arguments(small, "export", "--to", str(folder)), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=terrabyte.environment())
        # Seeded moments within the time that an export takes; the process may be anywhere.
        time.sleep(generator.uniform(0, duration))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert revisions() in (revision - 1, revision)
        terrabyte.run(small, "export", "--to", str(folder))
        assert revisions() == revision
        assert not (folder / ".versions/small/next").exists()
