"""GeoParquet files as others write them: reference systems, partitions by folders, properties in a structure."""

import json

import geopandas
import pyarrow
import pyarrow.dataset
import pyarrow.parquet
import pytest
import shapely

import terrabyte
from test_sql import terrapi

COUNT = 20
BOX = pyarrow.struct([(side, pyarrow.float64()) for side in ("xmin", "ymin", "xmax", "ymax")])


def table(nested=False, **columns):
    """Items in columns."""
    points = [shapely.Point(number, 10) for number in range(COUNT)]
    properties = {
        "datetime": pyarrow.array(range(COUNT), pyarrow.timestamp("us", "UTC")),
        "eo:cloud_cover": pyarrow.array([float(number) for number in range(COUNT)]),
        "title": pyarrow.array([None if number % 2 else f"Scene {number}" for number in range(COUNT)]),
        "proj:centroid": pyarrow.array([{"lat": number / 2, "lon": 1.5} for number in range(COUNT)]),
    }
    if nested:
        properties = {"properties": pyarrow.StructArray.from_arrays(
            [pyarrow.array(column) for column in properties.values()], names=list(properties))}
    return pyarrow.table({
        "type": ["Feature"] * COUNT, "stac_version": ["1.1.0"] * COUNT, "id": [f"i-{number}" for number in range(COUNT)],
        "geometry": [shapely.to_wkb(point) for point in points],
        "bbox": pyarrow.array([dict(zip(("xmin", "ymin", "xmax", "ymax"), point.bounds)) for point in points], BOX),
        "assets": [json.dumps({"data": {"href": f"{number}.tif"}}) for number in range(COUNT)]} | properties | columns)


def write(path, table, crs=..., encoding="WKB"):
    column = {"encoding": encoding, "geometry_types": ["Point"]}
    if crs is not ...:
        column["crs"] = crs
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    path.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    return path


def load(home, *paths, collection="c"):
    return terrabyte.run(
        home, "items", "load", "--collection", collection, "--create-collection", *map(str, paths), check=False)


def found(path, *arguments):
    output = terrapi("geoparquet", "search", str(path), "--sortby=+datetime", *arguments).stdout
    return [json.loads(line) for line in output.splitlines()]


# MARK: Reference systems


def projjson(code):
    return json.loads(geopandas.GeoSeries([shapely.Point(0, 0)], crs=code).crs.to_json())


WORLD = [
    ..., None, projjson("OGC:CRS84"), projjson("EPSG:4326"), projjson("EPSG:4979"), "EPSG:4326", "OGC:CRS84",
    "urn:ogc:def:crs:OGC:1.3:CRS84", {"id": {"authority": "EPSG", "code": "4326"}},
    {key: value for key, value in projjson("EPSG:4326").items() if key != "id"},
    'GEOGCRS["WGS 84",DATUM["World Geodetic System 1984",ELLIPSOID["WGS 84",6378137,298.257223563]]]',
]
OTHERS = [
    (projjson("EPSG:32632"), "EPSG:32632 (WGS 84 / UTM zone 32N)"), (projjson("EPSG:3857"), "EPSG:3857"),
    (projjson("EPSG:4258"), "EPSG:4258 (ETRS89"), ("EPSG:3035", "EPSG:3035"),
    ({key: value for key, value in projjson("EPSG:3035").items() if key != "id"}, "ETRS89"),
    ('PROJCRS["WGS 84 / UTM zone 32N"]', "UTM zone 32N"),
]


@pytest.mark.parametrize("crs", WORLD, ids=range(len(WORLD)))
def test_longitude_and_latitude_on_wgs_84(tmp_path, crs):
    path = write(tmp_path / "a.parquet", table(), crs)
    result = load(tmp_path / "home", path)
    assert f"{COUNT} created" in result.stdout, result.stderr
    assert [item["id"] for item in found(path, "--bbox=3.5,9,5.5,11")] == ["i-4", "i-5"]


@pytest.mark.parametrize("crs, name", OTHERS, ids=range(len(OTHERS)))
def test_other_reference_systems_are_rejected(tmp_path, crs, name):
    """With their name and the remedy; also where nothing would be found."""
    path = write(tmp_path / "a.parquet", table(), crs)
    result = load(tmp_path / "home", path)
    assert result.returncode == 2 and " 0 created" in result.stdout
    for arguments in [["--bbox=3.5,9,5.5,11"], ["--bbox=100,9,101,11"], ["--format=count"]]:
        search = terrapi("geoparquet", "search", str(path), *arguments, check=False)
        assert search.returncode != 0
        for message in (search.stderr, result.stderr):
            assert name in message and "OGC:CRS84" in message and "a.parquet" in message
    assert name in terrapi("geoparquet", "validate", str(path), check=False).stdout


def test_what_geopandas_reprojects(tmp_path):
    frame = geopandas.GeoDataFrame(
        table().drop_columns(["geometry", "bbox"]).to_pandas(), geometry=[shapely.Point(n, 10) for n in range(COUNT)],
        crs="OGC:CRS84")
    frame.to_crs("EPSG:3857").to_parquet(tmp_path / "mercator.parquet")
    frame.to_crs("EPSG:3857").to_crs("OGC:CRS84").to_parquet(tmp_path / "back.parquet")
    assert terrapi("geoparquet", "search", str(tmp_path / "mercator.parquet"), check=False).returncode != 0
    assert len(found(tmp_path / "back.parquet", "--bbox=3.5,9,5.5,11")) == 2


# MARK: Partitions by folders


def test_partitions_by_folders_count(tmp_path):
    """As in DuckDB and pyarrow: values that only the folders' names have."""
    for collection in ("naip", "a=b"):
        for year in (2020, 2021):
            folder = f"collection={collection.replace('=', '%3D')}/year={year}/sensor=__HIVE_DEFAULT_PARTITION__"
            write(tmp_path / "files" / folder / "part-0.parquet", table())
    items = found(tmp_path / "files")
    assert len(items) == 4 * COUNT
    assert {(item["collection"], item["properties"]["year"]) for item in items} == {
        (collection, year) for collection in ("naip", "a=b") for year in (2020, 2021)}
    assert all("sensor" not in item["properties"] for item in items)
    for arguments, count in [
        (["--collections=naip"], 2), (["--collections=a=b,other"], 2), (["--filter=year = 2021"], 2),
        (["--filter=year > 2019 AND collection = 'naip'"], 2), (["--filter=year = 1999"], 0),
    ]:
        assert len(found(tmp_path / "files", *arguments)) == count * COUNT, arguments
    assert found(tmp_path / "files", "--fields=year", "--limit=1")[0]["properties"] == {"year": 2020}
    home = tmp_path / "home"
    result = terrabyte.run(
        home, "items", "load", "--collection-from-items", "--create-collection", str(tmp_path / "files/collection=naip"))
    assert f"{2 * COUNT} Items read" in result.stdout
    item = json.loads(terrabyte.run(home, "items", "get", "--collection", "naip", "i-3").stdout)
    assert item["properties"]["year"] in (2020, 2021)


def test_a_column_is_worth_more_than_a_folder(tmp_path):
    path = write(tmp_path / "title=folder/collection=folder/a.parquet", table(collection=["column"] * COUNT))
    items = found(path)
    assert items[0]["collection"] == "column" and items[0]["properties"]["title"] == "Scene 0"
    assert "title" not in items[1]["properties"], "a null in the column is none"


# MARK: Members


@pytest.mark.parametrize("is_nested", [False, True])
def test_fields(tmp_path, is_nested):
    """No value that is not there, and none lost."""
    path = write(tmp_path / "a.parquet", table(is_nested))
    whole = found(path)
    assert whole[4]["properties"]["eo:cloud_cover"] == 4 and whole[4]["properties"]["title"] == "Scene 4"
    for fields in [
        ["eo:cloud_cover"], ["properties.title", "datetime"], ["geometry"], ["bbox", "assets"], ["links"],
        ["properties"], ["proj:centroid"], ["proj:centroid.lat"], ["none"], ["id", "type"], ["assets.data.href"],
    ]:
        names = {name.removeprefix("properties.") for name in fields}
        names |= {name.split(".")[0] for name in names} | {"type", "stac_version", "id", "collection"}
        for item, given in zip(found(path, f"--fields={','.join(fields)}"), whole, strict=True):
            expected = {name: value for name, value in given.items() if name in names}
            properties = given["properties"]
            if "properties" not in names:
                properties = {name: value for name, value in properties.items() if name in names}
            if properties:
                expected["properties"] = properties
            assert item == expected, fields


def test_fields_of_irregular_items(tmp_path):
    """Values that the columns do not hold are in a column of their own, also where few members are asked for."""
    home = tmp_path / "home"
    items = []
    for number in range(8):
        properties = {"datetime": f"2024-01-0{number + 1}T00:00:00Z", "n": number, "a/b": [1]}
        if number == 3:
            properties |= {"n": 123456789012345678901, "created": "2024-01-01T00:00:00+00:00", "extra": None}
        items.append({
            "type": "Feature", "stac_version": "1.1.0", "id": f"i-{number}", "collection": "c", "geometry": None,
            "properties": properties, "links": [], "assets": {}, "foreign": {"number": number}})
    lines = "".join(json.dumps(item) + "\n" for item in items)
    terrabyte.run(home, "items", "load", "--collection", "c", "--create-collection", "-", input=lines)
    terrabyte.run(home, "export", "--to", str(tmp_path / "files"))
    for name in ("n", "created", "extra", "a/b"):
        result = found(tmp_path / "files/c", f"--fields={name}")
        assert [item.get("properties", {}).get(name, "absent") for item in result] == [
            item["properties"].get(name, "absent") for item in items], name
        assert all("foreign" not in item and "geometry" not in item for item in result)
    assert [item["foreign"] for item in found(tmp_path / "files/c", "--fields=foreign")] == [
        item["foreign"] for item in items]


def test_sorting_by_a_member_of_an_object(tmp_path):
    path = write(tmp_path / "a.parquet", table())
    output = terrapi("geoparquet", "search", str(path), "--sortby=-proj:centroid.lat", "--format=ids").stdout
    assert output.split() == [f"i-{number}" for number in reversed(range(COUNT))]


# MARK: JSON text


@pytest.mark.parametrize("text, reason", [
    ('{"data":{"href":"a","x":{"b":1,"b":2}}}', "occurs twice"), ('{"data":{"href":"\\ud83d"}}', "surrogate"),
    ('{"data":{"href":"a","n":1e400}}', "64-bit"),
])
def test_json_text_that_others_cannot_read(tmp_path, text, reason):
    assets = [json.dumps({"data": {"href": "x"}})] * (COUNT - 1) + [text]
    path = write(tmp_path / "a.parquet", table().drop_columns(["assets"]).append_column("assets", pyarrow.array(assets)))
    result = load(tmp_path / "home", path)
    assert result.returncode == 2 and f"{COUNT - 1} created" in result.stdout
    assert f"a.parquet:{COUNT}: assets.data" in result.stderr and reason in result.stderr
    search = terrapi("geoparquet", "search", str(path), check=False)
    assert search.returncode != 0 and reason in search.stderr and "assets.data" in search.stderr
    assert len(found(path, "--bbox=0,9,5.5,11")) == 6


def test_columns_from_a_file(tmp_path):
    """SQL for a database that reads the file, whatever the filter names."""
    import duckdb

    path = write(tmp_path / "a.parquet", table())
    for filter, count in [
        ("\"eo:cloud_cover\" < 3 OR nosuch = 'x'", 3), ("nosuch IS NULL", COUNT), ("nosuch < 3", 0), ("title IS NULL", 10),
        ("created IS NULL AND \"eo:cloud_cover\" >= 18", 2), ("\"proj:centroid.lat\" > 8", 3), ("\"proj:centroid.alt\" IS NULL", COUNT),
        ("datetime < TIMESTAMP('1970-01-01T00:00:00.000005Z')", 5), ("collection IS NULL", COUNT), ("stac_extensions IS NULL", COUNT),
        ("\"assets.data.href\" = '4.tif'", 1), ("\"assets.none.href\" IS NULL", COUNT), ("links.x IS NULL", COUNT),
    ]:
        sql = terrapi("cql2", "to-sql", "--columns-from", str(path), "--native-geometry", "--no-spatial", filter).stdout
        rows = duckdb.sql(f"SELECT count(*) FROM read_parquet('{path}') WHERE {sql}").fetchone()
        assert rows == (count,), (filter, sql)
    missing = terrapi("cql2", "to-sql", "--columns-from", str(tmp_path / "none"), "a = 1", check=False)
    assert missing.returncode != 0 and "none" in missing.stderr
