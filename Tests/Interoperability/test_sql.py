"""The SQL that terrapi makes of filters finds the Items that the API finds."""

import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unicodedata

import pytest
import requests
import shapely

import rounds
import sql_items
import terrabyte

duckdb = pytest.importorskip("duckdb")
TERRAPI = pathlib.Path(os.environ.get("TERRAPI_EXECUTABLE", terrabyte.EXECUTABLE.parent / "terrapi")).resolve()
FILTERS = rounds.count(80)
COLUMNS = {
    "t:text": ("VARCHAR", "string"), "t:other": ("VARCHAR", "string"), "n:number": ("DOUBLE", "number"),
    "n:whole": ("BIGINT", "number"), "b:flag": ("BOOLEAN", "boolean"), "l:texts": ("VARCHAR[]", "string[]"),
    "l:numbers": ("DOUBLE[]", "number[]"), "datetime": ("TIMESTAMPTZ", "timestamp"), "updated": ("TIMESTAMPTZ", "timestamp"),
    "start_datetime": ("TIMESTAMPTZ", "timestamp"), "end_datetime": ("TIMESTAMPTZ", "timestamp"),
}


def terrapi(*arguments, input="", check=True):
    result = subprocess.run([str(TERRAPI), *arguments], input=input, capture_output=True, text=True, timeout=60)
    if check and result.returncode != 0:
        raise AssertionError(f"{arguments} {input}: {result.stderr}")
    return result


def to_sql(filter, *arguments):
    return terrapi("cql2", "to-sql", *arguments, input=json.dumps(filter)).stdout.rstrip("\n")


def columns(types=True):
    return [f"--column={name}={kind}" for name, (_, kind) in COLUMNS.items()] if types else []


class StoredItems:
    """A collection of its own on the server, and what searches of it find."""

    def __init__(self, server, operator, items):
        self.url, self.collection = server.url, items[0]["collection"]
        operator.post(f"{self.url}/collections", json=sql_items.collection(self.collection)).raise_for_status()
        body = {"items": {item["id"]: item for item in items}, "method": "upsert"}
        response = operator.post(f"{self.url}/collections/{self.collection}/bulk_items", json=body)
        response.raise_for_status()
        assert len(self.ids({"op": "like", "args": [{"property": "id"}, "%"]})) == len(items), response.text

    def ids(self, filter):
        body = {"collections": [self.collection], "filter": filter, "filter-lang": "cql2-json", "limit": 1000}
        response = requests.post(f"{self.url}/search", json=body, timeout=60)
        assert response.ok, f"{response.text} {json.dumps(filter)}"
        return sorted(item["id"] for item in response.json()["features"])


@pytest.fixture(scope="module")
def writer():
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {terrabyte.TOKEN}"
        yield session


@pytest.fixture(scope="module")
def plain(writable, writer):
    items = sql_items.items()
    return items, StoredItems(writable, writer, items)


@pytest.fixture(scope="module")
def mixed(writable, writer):
    items = sql_items.mixed_items()
    return items, StoredItems(writable, writer, items)


@pytest.fixture(scope="module")
def parquet(plain, tmp_path_factory):
    """The Items in the columns of stac-geoparquet."""
    path = tmp_path_factory.mktemp("parquet")
    with open(path / "items.ndjson", "w", encoding="utf-8") as file:
        for item in plain[0]:
            shape = shapely.geometry.shape(item["geometry"])
            row = {"id": item["id"], "collection": item["collection"], "assets": item["assets"], "wkb": shape.wkb_hex}
            row["bbox"] = dict(zip(["xmin", "ymin", "xmax", "ymax"], item["bbox"]))
            row |= {name: item["properties"].get(name) for name in COLUMNS}
            file.write(json.dumps(row) + "\n")
    box = "STRUCT(xmin DOUBLE, ymin DOUBLE, xmax DOUBLE, ymax DOUBLE)"
    types = {"id": "VARCHAR", "collection": "VARCHAR", "assets": "STRUCT(B04 STRUCT(href VARCHAR, title VARCHAR, gsd DOUBLE))",
             "wkb": "VARCHAR", "bbox": box} | {name: kind for name, (kind, _) in COLUMNS.items()}
    connection = duckdb.connect()
    connection.execute(
        f"COPY (SELECT * EXCLUDE (wkb), from_hex(wkb) AS geometry FROM read_json(?, format='newline_delimited', columns={types}))"
        f" TO '{path}/items.parquet' (FORMAT parquet, ROW_GROUP_SIZE 2048)", [str(path / "items.ndjson")])
    return path / "items.parquet"


@pytest.fixture(scope="module")
def connection():
    connection = duckdb.connect()
    try:
        import duckdb_extension_spatial
        from importlib.resources import files
        found = next(path for path in pathlib.Path(str(files(duckdb_extension_spatial))).rglob("spatial.duckdb_extension"))
        connection.execute(f"LOAD '{found}'")
    except ImportError:
        pytest.skip("There is no package duckdb-extension-spatial.")
    return connection


def check(stored, filter, run):
    """- run: gives the ids for the filter."""
    found = sorted(run(filter))
    expected = stored.ids(filter)
    assert found == expected, json.dumps(filter)
    return len(expected)


@pytest.mark.parametrize("style", ["literals", "parameters"])
def test_duckdb(plain, parquet, connection, style):
    stored = plain[1]
    filters = sql_items.Filters(seed=style)
    counts = set()

    def run(filter):
        arguments = [*columns(), *(["--parameters"] if style == "parameters" else [])]
        sql, *values = to_sql(filter, *arguments).rsplit("\n", 1) if style == "parameters" else [to_sql(filter, *arguments)]
        rows = connection.execute(
            f"SELECT id FROM read_parquet('{parquet}') WHERE {sql}", json.loads(values[0]) if values else None)
        return [row[0] for row in rows.fetchall()]

    for _ in range(FILTERS):
        counts.add(check(stored, filters.expression(), run))
    assert len(counts) > FILTERS // 10


def test_duckdb_assets(plain, parquet, tmp_path):
    """Assets as a structure, and as text, whose members the API looks for in the same way."""
    stored = plain[1]
    text = tmp_path / "text.parquet"
    duckdb.sql(f"COPY (SELECT * REPLACE (to_json(assets) AS assets) FROM '{parquet}') TO '{text}'")
    title = {"property": "assets.B04.title"}
    for filter in [
        {"op": ">", "args": [{"property": "assets.B04.gsd"}, 15]},
        {"op": "like", "args": [title, "%a%"]},
        {"op": "in", "args": [title, ["it's", "😀", "10%"]]},
        {"op": "=", "args": [{"op": "casei", "args": [title]}, {"op": "casei", "args": ["strasse"]}]},
        {"op": "not", "args": [{"op": "isNull", "args": [title]}]},
    ]:
        for path, layout in [(parquet, "geoparquet"), (text, "text-assets")]:
            assert check(stored, filter, lambda filter: [row[0] for row in duckdb.sql(
                f"SELECT id FROM '{path}' WHERE {to_sql(filter, f'--layout={layout}')}").fetchall()])


def test_duckdb_documents(mixed):
    items, stored = mixed
    connection = duckdb.connect()
    connection.execute("CREATE TABLE item (body JSON)")
    connection.executemany("INSERT INTO item VALUES (?)", [[json.dumps(item)] for item in items])
    filters = sql_items.Filters(seed="documents", has_space=False, is_mixed=True)
    count = FILTERS // 3  # Conditions on documents are long.

    def run(filter):
        sql = to_sql(filter, "--layout=document")
        return [row[0] for row in connection.execute(f"SELECT body ->> 'id' FROM item WHERE {sql}").fetchall()]

    for _ in range(count):
        check(stored, filters.expression(), run)


def test_sqlite(mixed):
    items, stored = mixed
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE item (body TEXT)")
    connection.executemany("INSERT INTO item VALUES (?)", [[json.dumps(item)] for item in items])
    if connection.execute("SELECT sqlite_version() < '3.38'").fetchone()[0]:
        pytest.skip("This SQLite has no operator ->.")
    # What the functions must do, for the letters of these Items.
    connection.create_function("cql2_casei", 1, lambda text: text if text is None else text.lower().upper().lower())
    connection.create_function("cql2_accenti", 1, lambda text: text if text is None else "".join(
        letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)))
    filters = sql_items.Filters(seed="sqlite", has_space=False, is_mixed=True)

    def run(filter):
        sql = to_sql(filter, "--dialect=sqlite", "--folding-functions")
        return [row[0] for row in connection.execute(f"SELECT json_extract(body, '$.id') FROM item WHERE {sql}")]

    for _ in range(FILTERS):
        check(stored, filters.expression(), run)


@pytest.fixture(scope="module")
def postgres():
    programs = [shutil.which(name) for name in ["initdb", "pg_ctl", "psql"]]
    for folder in sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin")):
        programs = [str(folder / name) for name in ["initdb", "pg_ctl", "psql"]]
    if not all(programs) or not all(pathlib.Path(program).exists() for program in programs):
        pytest.skip("There is no server of PostgreSQL.")
    initdb, control, psql = programs
    # Not below pytest's folder, which only its owner may enter; and the path of a socket must be short.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="terrabyte-postgres-"))
    prefix = []
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        if not shutil.which("setpriv"):
            pytest.skip("PostgreSQL does not run as root.")
        prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        os.chown(folder, 65534, 65534)
    environment = os.environ | {"HOME": str(folder)}

    def call(*command, **options):
        return subprocess.run([*prefix, *command], check=True, capture_output=True, text=True, cwd=folder, env=environment, **options)

    call(initdb, "-D", str(folder / "data"), "-U", "tester", "-E", "UTF8", "--locale=C", "--auth=trust", "--no-sync")
    settings = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c jit=off"
    subprocess.run([*prefix, control, "-D", str(folder / "data"), "-o", settings, "-w", "-l", str(folder / "log"), "start"],
                   check=True, cwd=folder, env=environment, stdout=subprocess.DEVNULL)

    def query(sql):
        command = [psql, "-h", str(folder), "-U", "tester", "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-qAt", "-f", "-"]
        result = subprocess.run([*prefix, *command], input=sql, capture_output=True, text=True, cwd=folder, env=environment)
        assert result.returncode == 0, result.stderr[-2000:]
        return result.stdout.splitlines()

    yield query
    subprocess.run([*prefix, control, "-D", str(folder / "data"), "-m", "immediate", "stop"], check=False, cwd=folder,
                   env=environment, stdout=subprocess.DEVNULL)
    shutil.rmtree(folder, ignore_errors=True)


def test_postgresql(mixed, postgres):
    items, stored = mixed
    rows = "".join(json.dumps(item, ensure_ascii=True).replace("'", "''").join(["('", "'),"]) for item in items)
    postgres(f"CREATE TABLE item (body jsonb); INSERT INTO item VALUES {rows[:-1]};")
    has_space = postgres("SELECT 1 FROM pg_available_extensions WHERE name = 'postgis';") == ["1"]
    if has_space:
        postgres("CREATE EXTENSION postgis;")
    filters = sql_items.Filters(seed="postgresql", has_space=has_space, is_mixed=True, is_careful=True)

    def run(filter):
        return postgres(f"SELECT body ->> 'id' FROM item WHERE {to_sql(filter, '--dialect=postgresql')};")

    for _ in range(FILTERS):
        check(stored, filters.expression(), run)
