"""Items and Collections of earlier versions of STAC become what pystac makes of them."""

import copy
import json
import random
import warnings

import pystac
import pytest

import folders
import rounds
import terrabyte

ITEMS = rounds.count(150)
SEED = rounds.seed(81)
VERSIONS = ["0.8.0", "0.8.1", "0.9.0", "1.0.0-beta.1", "1.0.0-beta.2", "1.0.0-rc.1", "1.0.0-rc.2", "1.0.0-rc.4"]
SHORT = ["eo", "view", "projection", "proj", "sar", "sat", "label", "pointcloud", "scientific", "timestamps", "version", "file",
         "datacube", "table", "commons", "single-file-stac", "tiled-assets", "unknown"]
ADDRESSES = [f"https://stac-extensions.github.io/{name}/schema.json" for name in [
    "eo/v1.0.0", "projection/v1.0.0", "raster/v1.0.0", "view/v1.0.0", "label/v1.0.0", "other/v1.0.0"]]


def once_each(extensions):
    """pystac replaces only one name of an extension that is listed by several."""
    kept = {}
    for name in extensions:
        short = name.split("/")[3] if "://" in name else name
        kept.setdefault({"proj": "projection", "asset": "item-assets"}.get(short, short), name)
    return list(kept.values())


def item(pick, number):
    """Members that have been renamed, moved or replaced since, and others."""
    version = pick.choice(VERSIONS)
    is_old = version < "0.9"
    extensions = pick.sample(SHORT, pick.randrange(0, 5))
    if version >= "1.0.0-rc":
        extensions += pick.sample(ADDRESSES, pick.randrange(0, 3))
    values = {
        "gsd": 30, "license": pick.choice(["proprietary", "various", "CC-BY-4.0"]), "view:off_nadir": 3.5, "proj:epsg": 32632,
        "eo:cloud_cover": 12.5, "label:task": ["detection"], "label:property": ["p"], "label:overview": [{"a": 1}],
        "checksum:multihash": "1220ab", "created": "2020-01-01T00:00:00Z", "odd": {"deep": [1, None]},
    }
    if version < "1.0.0-beta.1":
        values |= {"eo:gsd": 10, "eo:bands": [{"name": "B1", "common_name": "red"}, {"name": "B2"}]}
    if is_old:
        # Of an optical satellite or of a radar: which comes first if it were both depends on pystac's installation.
        values |= pick.choice([
            {"eo:platform": "p", "eo:instrument": "i", "eo:constellation": "c", "eo:sun_azimuth": 100.25, "eo:off_nadir": 1,
             "eo:epsg": 4326},
            {"sar:platform": "s", "sar:instrument": "t", "sar:constellation": "c", "sar:type": "GRD", "sar:polarization": "VV"}])
    properties = {"datetime": "2020-01-01T00:00:00Z"}
    properties |= {name: values[name] for name in pick.sample(list(values), pick.randrange(0, len(values) + 1))}
    if "eo:epsg" in properties:
        # pystac fails where nothing is left of an extension that it knows by its short name.
        properties["eo:cloud_cover"] = 1
    if is_old and pick.random() < 0.3:
        extensions.append(pick.choice(["dtr", "datetime-range"]))
        properties |= {"datetime": None, "dtr:start_datetime": "2020-01-01T00:00:00Z", "dtr:end_datetime": "2020-01-02T00:00:00Z"}
    if pick.random() < 0.2:
        extensions.append("checksum")
    assets = {"data": {"href": "https://example.com/a.tif"}, "more": {"href": "b", "checksum:multihash": "1220cd", "proj:epsg": 3035}}
    if "eo:epsg" in properties:
        # pystac adds the extension after it has looked for its members.
        del assets["more"]["proj:epsg"]
        properties.pop("proj:epsg", None)
    if "eo:bands" in properties:
        assets["data"]["eo:bands"] = pick.choice([[0], [1, 0]])
    pick.shuffle(extensions)
    extensions = once_each(extensions)
    result = {"type": "Feature", "stac_version": version, "id": f"item-{number}", "collection": "old", "geometry": None,
              "properties": properties, "links": [], "assets": assets}
    if extensions or pick.random() < 0.8:
        result["stac_extensions"] = extensions
    return result


def collection(pick, number):
    version = pick.choice(VERSIONS)
    result = {"stac_version": version, "id": f"collection-{number}", "description": "Old", "links": [],
              "license": pick.choice(["proprietary", "various", "MIT"]),
              "stac_extensions": once_each(
                  pick.sample([*SHORT[:-1], "asset", "item-assets", "collection-assets"], pick.randrange(0, 5))),
              "extent": {"spatial": {"bbox": [[0, 0, 1, 1]]}, "temporal": {"interval": [["2020-01-01T00:00:00Z", None]]}}}
    if version >= "1.0.0-rc":
        result["type"] = "Collection"
    low, high = ("minimum", "maximum") if version >= "1.0.0-rc" else ("min", "max")
    if pick.random() < 0.7:
        result["summaries"] = {"gsd": {low: 1, high: 2}, "platform": ["a"]}
    if "asset" in result["stac_extensions"] and version < "1.0.0-beta.1":
        result["assets"] = {"data": {"title": "Data", "type": "image/tiff"}}
    if pick.random() < 0.3:
        result["properties"] = {"eo:gsd": 10}
    return result


def by_pystac(document):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        info = pystac.serialization.identify_stac_object(document)
        return pystac.serialization.migrate_to_latest(copy.deepcopy(document), info)


def comparable(document):
    """The order of extensions has no meaning; pystac lists some twice."""
    extensions = sorted(set(document["stac_extensions"]))
    return document | {"stac_extensions": extensions, "links": []}


def load(home, items, *options):
    lines = "".join(json.dumps(entry) + "\n" for entry in items)
    return terrabyte.run(
        home, "items", "load", "--collection-from-items", "--create-collection", *options, "-", input=lines, check=False)


def stored(home, items):
    result = []
    for owner in sorted({entry["collection"] for entry in items}):
        names = [entry["id"] for entry in items if entry["collection"] == owner]
        for start in range(0, len(names), 500):
            output = terrabyte.run(home, "items", "get", "--collection", owner, *names[start:start + 500]).stdout
            result += [json.loads(line) for line in output.splitlines()]
    return {(entry["collection"], entry["id"]): entry for entry in result}


def test_items(tmp_path):
    pick = random.Random(SEED)
    items = [item(pick, number) for number in range(ITEMS)]
    rejected = load(tmp_path, [entry for entry in items if entry["stac_version"].startswith("0.")])
    assert rejected.returncode == 2 and "(--migrate)" in rejected.stderr
    loaded = load(tmp_path, items, "--migrate")
    assert loaded.returncode == 0, loaded.stderr
    found = stored(tmp_path, items)
    for entry in items:
        assert comparable(found["old", entry["id"]]) == comparable(by_pystac(entry)), entry


def test_collections(tmp_path):
    pick = random.Random(SEED)
    for number in range(rounds.count(25)):
        document = collection(pick, number)
        terrabyte.run(tmp_path, "collections", "put", "--migrate", "-", input=json.dumps(document))
        found = json.loads(terrabyte.run(tmp_path, "collections", "get", document["id"]).stdout)
        assert comparable(found) == comparable(by_pystac(document)), document


def test_a_collection_without_type_is_one_where_there_was_none(tmp_path):
    document = collection(random.Random(1), 0) | {"stac_version": "1.0.0-beta.2"}
    document.pop("type", None)
    terrabyte.run(tmp_path, "collections", "put", "-", input=json.dumps(document))
    assert json.loads(terrabyte.run(tmp_path, "collections", "get", document["id"]).stdout)["type"] == "Collection"


def old_documents():
    folder = folders.shared()
    if folder is None:
        return
    for path in sorted((folder / "stac").rglob("*.json")):
        if path.stat().st_size > 1 << 20:
            continue
        try:
            document = json.loads(path.read_text())
        except ValueError:
            continue
        if isinstance(document, dict) and isinstance(document.get("stac_version"), str):
            version = document["stac_version"]
            if version.startswith(("0.8", "0.9")) or version.startswith("1.0.0-"):
                yield path, document


def test_real_documents(tmp_path):
    """Those that pystac's own result would make valid here, too."""
    if folders.shared() is None:
        pytest.skip(folders.ABSENT)
    compared = 0
    for path, document in old_documents():
        try:
            expected = by_pystac(document)
        except Exception:
            # What pystac cannot read.
            continue
        if document.get("type") == "Feature":
            entry = document | {"collection": document.get("collection", "none")}
            if load(tmp_path, [entry], "--migrate").returncode != 0:
                continue
            found = stored(tmp_path, [entry])[entry["collection"], entry["id"]]
            expected |= {"collection": entry["collection"]}
        elif "extent" in document:
            result = terrabyte.run(
                tmp_path, "collections", "put", "--migrate", "-", input=json.dumps(document), check=False)
            if result.returncode != 0:
                continue
            found = json.loads(terrabyte.run(tmp_path, "collections", "get", document["id"]).stdout)
        else:
            continue
        assert comparable(found) == comparable(expected), path
        compared += 1
    assert compared > 0 or not any(True for _ in old_documents())
