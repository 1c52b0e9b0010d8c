"""Clients other than pystac-client find, page and load what is in the catalogue."""

import eodag
import numpy
import odc.stac
import pystac_client
import pytest
import rasterio
import rasterio.transform
import rasterio.warp
import rustac
import shapely

from expectations import assert_same, intersects, overlaps

S2 = "sentinel-2-c1-l2a"
ALPS = [10, 47, 12, 48]
JUNE = "2020-06-01T00:00:00Z", "2020-06-30T23:59:59Z"


# rustac, in Rust.

def rustac_search(server, **parameters):
    return rustac.search_sync(server.url, **parameters)


@pytest.mark.parametrize("parameters", [{"limit": 50}, {"limit": 7, "sortby": "-eo:cloud_cover"}, {"limit": 1000}])
def test_rustac_pages(server, all_items, parameters):
    found = rustac_search(server, collections=[S2], bbox=ALPS, datetime="/".join(JUNE), **parameters)
    expected = [
        item for item in all_items[S2] if overlaps(item, *JUNE) and intersects(item, shapely.box(*ALPS))
    ]
    assert_same(found, expected)


@pytest.mark.parametrize("filter", [
    "eo:cloud_cover < 5 AND platform = 'sentinel-2b'",
    {"op": "and", "args": [
        {"op": "<", "args": [{"property": "eo:cloud_cover"}, 5]},
        {"op": "=", "args": [{"property": "platform"}, "sentinel-2b"]}]},
])
def test_rustac_filters(server, all_items, filter):
    found = rustac_search(server, collections=[S2], filter=filter, limit=300)
    expected = [
        item for item in all_items[S2]
        if item["properties"].get("eo:cloud_cover", 100) < 5 and item["properties"]["platform"] == "sentinel-2b"
    ]
    assert_same(found, expected)


def test_rustac_max_items(server):
    assert len(rustac_search(server, collections=[S2], limit=40, max_items=123)) == 123


# eodag, with this server as provider.

PROVIDER = """
terrabyte:
  search:
    type: StacSearch
    api_endpoint: {url}/search
  products:
    S2_MSI_L2A:
      _collection: sentinel-2-c1-l2a
    GENERIC_COLLECTION:
      _collection: '{{collection}}'
  download:
    type: HTTPDownload
"""


@pytest.fixture
def gateway(server, tmp_path, monkeypatch):
    """Knows nothing but our provider, and asks nobody else."""
    empty = tmp_path / "empty.yml"
    empty.write_text("{}")
    monkeypatch.setenv("EODAG_CFG_DIR", str(tmp_path / "eodag"))
    for name in ("EODAG_EXT_COLLECTIONS_CFG_FILE", "EODAG_EXT_COLLECTIONS_CFG_URI"):
        monkeypatch.setenv(name, str(empty))
    gateway = eodag.EODataAccessGateway()
    gateway.update_providers_config(PROVIDER.format(url=server.url))
    gateway.set_preferred_provider("terrabyte")
    return gateway


def test_eodag_searches_all(gateway, all_items):
    found = gateway.search_all(
        collection=S2, start="2020-06-01", end="2020-07-01", geom=ALPS, items_per_page=5, provider="terrabyte",
        raise_errors=True)
    expected = [
        item["id"] for item in all_items[S2]
        if overlaps(item, "2020-06-01T00:00:00Z", "2020-07-01T00:00:00Z") and intersects(item, shapely.box(*ALPS))
    ]
    assert len(expected) > 20
    assert sorted(product.properties["id"] for product in found) == sorted(expected)


def test_eodag_counts_and_filters(gateway, all_items):
    found = gateway.search(
        collection="S2_MSI_L2A", count=True, provider="terrabyte", raise_errors=True, **{"eo:cloud_cover": 10})
    expected = [item for item in all_items[S2] if item["properties"].get("eo:cloud_cover", 100) <= 10]
    assert found.number_matched == len(expected)
    assert all(product.properties["eo:cloud_cover"] <= 10 for product in found)
    assert all(product.assets for product in found)


# odc-stac, which reads pixels.

SIZE, STEP = 64, 10


def write_image(path, pixels, transform):
    with rasterio.open(
        path, "w", driver="COG", dtype="uint16", count=1, height=SIZE, width=SIZE, crs="EPSG:32632",
        transform=transform, nodata=0,
    ) as file:
        file.write(pixels, 1)


@pytest.fixture
def images(writable, operator, tmp_path):
    """Two neighbours of one day, and the first again on another day; the pixels by column and day."""
    collection = {
        "type": "Collection", "stac_version": "1.1.0", "id": "images", "description": "Images", "license": "other",
        "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [[None, None]]}}, "links": [],
    }
    operator.post(f"{writable.url}/collections", json=collection, timeout=30).raise_for_status()
    generator, pixels = numpy.random.default_rng(1), {}
    for column, day in ((0, 1), (1, 1), (0, 2)):
        transform = rasterio.transform.from_origin(600_000 + SIZE * STEP * column, 5_340_000, STEP, STEP)
        assets = {}
        for band in ("red", "nir"):
            pixels[column, day, band] = generator.integers(1, 10_000, (SIZE, SIZE), dtype="uint16")
            path = tmp_path / f"{column}-{day}-{band}.tif"
            write_image(path, pixels[column, day, band], transform)
            assets[band] = {
                "href": path.as_uri(), "type": "image/tiff; application=geotiff; profile=cloud-optimized", "roles": ["data"],
                "data_type": "uint16", "nodata": 0,
            }
        bbox = rasterio.warp.transform_bounds(
            "EPSG:32632", "EPSG:4326", *rasterio.transform.array_bounds(SIZE, SIZE, transform))
        item = {
            "type": "Feature", "stac_version": "1.1.0", "id": f"image-{column}-{day}", "bbox": bbox, "links": [],
            "stac_extensions": ["https://stac-extensions.github.io/projection/v2.0.0/schema.json"],
            "geometry": shapely.geometry.mapping(shapely.box(*bbox)), "assets": assets,
            "properties": {
                "datetime": f"2024-05-0{day}T10:00:00Z", "proj:code": "EPSG:32632", "proj:shape": [SIZE, SIZE],
                "proj:transform": list(transform)[:6],
            },
        }
        operator.post(f"{writable.url}/collections/images/items", json=item, timeout=30).raise_for_status()
    yield pixels
    operator.delete(f"{writable.url}/collections/images", timeout=30).raise_for_status()


def test_odc_stac_loads_pixels(writable, images):
    client = pystac_client.Client.open(writable.url)
    data = odc.stac.load(client.search(collections=["images"]).items(), bands=["red", "nir"], groupby="solar_day")
    assert data.sizes == {"time": 2, "y": SIZE, "x": 2 * SIZE}
    for band in ("red", "nir"):
        first, second = data[band].values
        assert (first[:, :SIZE] == images[0, 1, band]).all()
        assert (first[:, SIZE:] == images[1, 1, band]).all()
        assert (second[:, :SIZE] == images[0, 2, band]).all()
        assert not (second[:, SIZE:] > 0).any(), "there was no image on the second day"


def test_odc_stac_loads_what_a_search_finds(writable, images):
    client = pystac_client.Client.open(writable.url)
    search = client.search(collections=["images"], datetime="2024-05-02T00:00:00Z/..")
    data = odc.stac.load(search.items(), bands=["nir"])
    assert (data["nir"].values[0] == images[0, 2, "nir"]).all()


@pytest.mark.parametrize("collection, keys", [
    ("sentinel-2-c1-l2a", {"red": "B04", "nir": "B08", "blue": "B02"}), ("landsat-ot-c2-l2", {"red": "B04", "nir08": "B05"})])
def test_odc_stac_finds_bands_by_name(client, collection, keys):
    """Of the demo's Items, whose images do not exist: what would be loaded."""
    item = next(client.search(collections=[collection], max_items=1).items())
    (parsed,) = odc.stac.parse_items([item])
    for name, key in keys.items():
        assert parsed.collection.band_key(name)[0] == key
