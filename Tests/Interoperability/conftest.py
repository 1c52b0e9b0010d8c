import collections
import os
import pathlib
import shutil

import pystac_client
import pytest
import requests

import terrabyte

pytest.register_assert_rewrite("expectations")


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory):
    """The demo catalogue; not to be written to."""
    if not terrabyte.EXECUTABLE.exists():
        pytest.exit(f"There is no {terrabyte.EXECUTABLE}: swift build, or set TERRABYTE_EXECUTABLE.", returncode=1)
    home = tmp_path_factory.mktemp("demo") / "home"
    # What the command says stands beside it, for the documentation's tests.
    (home.parent / "demo.txt").write_text(terrabyte.run(home, "demo").stdout)
    return home


@pytest.fixture(scope="session")
def server(demo_home):
    """A server of the demo catalogue that nobody writes to."""
    with terrabyte.Server(demo_home) as server:
        yield server


@pytest.fixture(scope="session")
def client(server):
    return pystac_client.Client.open(server.url)


@pytest.fixture(scope="module")
def writable(demo_home, tmp_path_factory):
    """A server of a copy of the demo catalogue."""
    home = tmp_path_factory.mktemp("writable") / "home"
    shutil.copytree(demo_home, home)
    with terrabyte.Server(home) as server:
        yield server


@pytest.fixture
def operator():
    """A session that may write."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {terrabyte.TOKEN}"
        yield session


@pytest.fixture(scope="session")
def all_items(server):
    """All Items of the demo catalogue by Collection, as JSON: what expected answers are computed from."""
    items = collections.defaultdict(list)
    for collection in requests.get(f"{server.url}/collections", timeout=60).json()["collections"]:
        url = f"{server.url}/collections/{collection['id']}/items?limit=2000"
        while url:
            page = requests.get(url, timeout=120).json()
            items[collection["id"]] += page["features"]
            url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
        assert len(items[collection["id"]]) == page["numberMatched"]
    return dict(items)


@pytest.fixture(scope="session")
def shared_data():
    """Real documents that lie beside the checkout; too many to copy into it."""
    configured = os.environ.get("TERRABYTE_SHARED_DATA")
    folder = pathlib.Path(configured) if configured else terrabyte.CHECKOUT.parent / "shared/data"
    if not folder.is_dir():
        pytest.skip(f"There is no shared data at {folder}; TERRABYTE_SHARED_DATA may name another place.")
    return folder
