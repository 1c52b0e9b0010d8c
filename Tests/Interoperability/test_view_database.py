"""DuckDB opens the databases of views that we make without it."""

import subprocess

import pytest

import terrabyte

duckdb = pytest.importorskip("duckdb")
CHILD = terrabyte.EXECUTABLE.parent / "ViewDatabaseChild"
COLUMNS = "id:varchar,number:bigint,time:timestamptz,box:box,words:varchar[]"


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("it's = \"files\"")
    duckdb.sql(
        "SELECT 'item ' || i AS id, i AS number, TIMESTAMPTZ '2024-01-01 00:00:00+00' AS time,"
        " {'xmin': i::DOUBLE, 'ymin': 0::DOUBLE, 'xmax': 1::DOUBLE, 'ymax': 1::DOUBLE} AS box, ['a', 'b'] AS words"
        " FROM range(10) AS t(i)").write_parquet(str(folder / "a.parquet"))
    return folder


def write(path, columns, *views):
    arguments = [argument for name, *paths in views for argument in ["--view", name, *map(str, paths)]]
    subprocess.run([str(CHILD), str(path), columns, *arguments], check=True, timeout=60)


@pytest.mark.parametrize("columns", [COLUMNS, ""])
@pytest.mark.parametrize("read_only", [True, False])
def test_views(files, tmp_path, columns, read_only):
    names = ["sentinel-2-c1-l2a", "it's \"odd\"", "größe", "select"]
    views = [[name, files / "*.parquet"] for name in names] + [["twice", files / "a.parquet", files / "a.parquet"]]
    write(tmp_path / "catalogue.duckdb", columns, *views)
    with duckdb.connect(str(tmp_path / "catalogue.duckdb"), read_only=read_only) as connection:
        assert sorted(row[0] for row in connection.sql("SHOW TABLES").fetchall()) == sorted([*names, "twice"])
        for name in names:
            assert connection.sql(f"SELECT count(*), min(id) FROM {quoted(name)}").fetchone() == (10, "item 0")
        assert connection.sql("SELECT sum(number) FROM twice WHERE box.xmin < 5").fetchone() == (20,)
        # Folders named like this make no columns.
        assert connection.sql("SELECT * FROM twice").columns == ["id", "number", "time", "box", "words"]


def test_is_a_database_like_others(files, tmp_path):
    path = str(tmp_path / "catalogue.duckdb")
    write(path, COLUMNS, *[[f"view {number}", files / "*.parquet"] for number in range(2000)])
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE copy AS SELECT id, number FROM \"view 1999\"")
        connection.execute("DROP VIEW \"view 0\"")
        connection.execute("FORCE CHECKPOINT")
    with duckdb.connect(path, read_only=True) as connection:
        assert len(connection.sql("SHOW TABLES").fetchall()) == 2000
        assert connection.sql("SELECT count(*) FROM copy JOIN \"view 7\" USING (id)").fetchone() == (10,)


def test_an_open_database_stays_what_it_was(files, tmp_path):
    path = str(tmp_path / "catalogue.duckdb")
    write(path, "", ["before", files / "*.parquet"])
    with duckdb.connect(path, read_only=True) as connection:
        write(path, "", ["after", files / "*.parquet"])
        assert connection.sql("SELECT count(*) FROM before").fetchone() == (10,)
    with duckdb.connect(path, read_only=True) as connection:
        assert connection.sql("SELECT count(*) FROM after").fetchone() == (10,)
