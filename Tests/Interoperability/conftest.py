import collections
import fcntl
import json
import shutil

import pystac_client
import pytest
import requests

import folders
import terrabyte
from schema_mirror import SchemaMirror

pytest.register_assert_rewrite("expectations")

# Groups of tests, the longest first, lest one worker be left with it while the others have nothing to do. The first needs
# the demo catalogue, which takes a while to make, the second does not.
FIRST_GROUPS = [
    "test_openapi", "test_killed_loads", "test_export", "test_postgresql", "test_sql", "test_killed_server", "test_duckdb_2",
    "test_validators",
]

# Stands for a server's own address.
ROOT = "http://server.invalid"


def pytest_configure(config):
    if not terrabyte.EXECUTABLE.exists():
        pytest.exit(f"There is no {terrabyte.EXECUTABLE}: swift build, or set TERRABYTE_EXECUTABLE.", returncode=1)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """A module's tests share its servers, so that one worker runs them all, but for those that stand alone."""
    positions = {group: position for position, group in enumerate(FIRST_GROUPS)}

    def group(item):
        return item.name if item.get_closest_marker("alone") else item.path.stem

    for item in items:
        item.add_marker(pytest.mark.xdist_group(name=group(item)))
    items.sort(key=lambda item: positions.get(group(item), len(positions)))


@pytest.fixture(scope="session")
def once(tmp_path_factory, worker_id):
    """Makes something in a folder of its own, once for all workers: the first makes it, the others wait for it."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent

    def once(name, make):
        made, is_made = folder / f"once-{name}", folder / f"once-{name}.made"
        with (folder / f"once-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not is_made.exists():
                # Of a worker that could not make it. What is made stays where it is: exports know their own place.
                shutil.rmtree(made, ignore_errors=True)
                made.mkdir()
                make(made)
                is_made.touch()
        return made

    return once


@pytest.fixture(scope="session")
def demo_copy(once, tmp_path_factory):
    """Makes copies of the demo catalogue."""

    def make(folder):
        # What the command says stands beside the catalogue, for the documentation's tests.
        (folder / "demo.txt").write_text(terrabyte.run(folder / "home", "demo").stdout)

    made = once("demo", make)

    def copy():
        folder = tmp_path_factory.mktemp("demo")
        shutil.copytree(made, folder, dirs_exist_ok=True)
        return folder / "home"

    return copy


@pytest.fixture(scope="session")
def demo_home(demo_copy):
    """The demo catalogue; not to be written to. Each worker has its own, since a server writes the index."""
    return demo_copy()


@pytest.fixture(scope="session")
def demo_export(once, demo_home):
    """The folder of the demo catalogue's export in a layout, which nobody writes to."""

    def export(layout):
        def make(folder):
            report = terrabyte.run(demo_home, "export", "--to", str(folder / "files"), "--layout", layout).stdout
            (folder / "report").write_text(report)

        return once(f"export-{layout}", make) / "files"

    return export


@pytest.fixture(scope="session")
def server(demo_home):
    """A server of the demo catalogue that nobody writes to."""
    with terrabyte.Server(demo_home) as server:
        yield server


@pytest.fixture(scope="session")
def client(server):
    return pystac_client.Client.open(server.url)


@pytest.fixture(scope="module")
def writable(demo_copy):
    """A server of a copy of the demo catalogue."""
    with terrabyte.Server(demo_copy()) as server:
        yield server


@pytest.fixture
def operator():
    """A session that may write."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {terrabyte.TOKEN}"
        yield session


@pytest.fixture(scope="session")
def all_items(once, server):
    """All Items of the demo catalogue by Collection, as JSON: what expected responses are computed from."""
    # Its links name the server that was asked.
    made = once("items", lambda folder: (folder / "json").write_text(json.dumps(read_all(server)).replace(server.root, ROOT)))
    return json.loads((made / "json").read_text().replace(ROOT, server.root))


def read_all(server):
    items = collections.defaultdict(list)
    for collection in requests.get(f"{server.url}/collections", timeout=60).json()["collections"]:
        url = f"{server.url}/collections/{collection['id']}/items?limit=2000"
        while url:
            page = requests.get(url, timeout=120).json()
            items[collection["id"]] += page["features"]
            url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
        assert len(items[collection["id"]]) == page["numberMatched"]
    return items


@pytest.fixture(scope="session", params=["fixtures", "shared"])
def documents(request):
    """A folder of documents: the few that lie in the tree, and the many real ones where they are."""
    folder = folders.FIXTURES if request.param == "fixtures" else folders.shared()
    return folder or pytest.skip(folders.ABSENT)


@pytest.fixture(scope="session", params=["bundled", "published"])
def schemas(request):
    """JSON Schemas by their addresses: all that are published, or what comes with pystac and lies in the tree."""
    mirror = SchemaMirror.bundled() if request.param == "bundled" else SchemaMirror.published()
    return mirror or pytest.skip(folders.ABSENT)
