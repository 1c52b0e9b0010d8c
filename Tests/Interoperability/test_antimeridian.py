"""Footprints and areas across the antimeridian and around poles are read as the Python package antimeridian reads them
(decision 8), which the searches of a real server show."""

import json
import math
import random
import warnings

import pytest
import requests
import shapely

import rounds
import terrabyte

antimeridian = pytest.importorskip("antimeridian")
SHAPES = rounds.count(60)
SEED = rounds.seed(180)
# Points at odd places, so that few lie on edges.
POINTS = [(x + 0.37, y + 0.21) for x in range(-180, 180, 15) for y in range(-88, 90, 8)] + [
    (side * (180 - distance), y + 0.4) for side in (-1, 1) for distance in (0.3, 1.2, 4, 9) for y in range(-87, 90, 6)]


def wrapped(x):
    return (x + 180) % 360 - 180


def closed(positions):
    return [*positions, positions[0]]


def star(pick):
    """Around a place at the antimeridian, counterclockwise."""
    x, y, size = 180 + pick.uniform(-15, 15), pick.uniform(-60, 60), pick.uniform(4, 25)
    angles = sorted(pick.uniform(0, 2 * math.pi) for _ in range(pick.randrange(5, 14)))
    if max((second - first) % (2 * math.pi) for first, second in zip(angles, angles[1:] + angles[:1])) > 2.5:
        return star(pick)
    radius = [size * pick.uniform(0.4, 1) for _ in angles]
    ring = [(wrapped(x + r * math.cos(a)), max(-85, min(85, y + r * math.sin(a)))) for a, r in zip(angles, radius)]
    return closed(ring)


def rectangle(pick):
    west, south = pick.uniform(165, 179), pick.uniform(-80, 70)
    east, north = -pick.uniform(165, 179), south + pick.uniform(3, 10)
    return closed([(west, south), (east, south), (east, north), (west, north)])


def cap(pick):
    """Once around a pole."""
    longitudes = sorted(pick.uniform(-179, 179) for _ in range(pick.randrange(6, 12)))
    if max((second - first) % 360 for first, second in zip(longitudes, longitudes[1:] + longitudes[:1])) > 170:
        return cap(pick)
    north = pick.random() < 0.5
    ring = [(x, (1 if north else -1) * pick.uniform(50, 80)) for x in longitudes]
    return closed(ring if north else ring[::-1])


def touching(pick):
    """With vertices on the antimeridian, of either sign."""
    south, width = pick.uniform(-70, 60), pick.uniform(2, 30)
    a, b, c = 180 - width, pick.choice([180, -180]), pick.choice([180, -180])
    return closed([(a, south), (b, south + 1), (c, south + 5), (a, south + 7)])


def beyond(pick):
    """With longitudes beyond 180."""
    west, south = pick.uniform(160, 179), pick.uniform(-70, 60)
    return closed([(west, south), (west + 25, south + 1), (west + 27, south + 6), (west + 1, south + 8)])


# Also rings as they are in reports.
KNOWN = [
    [[170, 10], [180, 10], [-180, 12], [170, 12], [170, 10]],
    [[179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0]],
    [[45, 50], [135, 50], [-135, 50], [-45, 50], [45, 50]],
    [[45, -70], [-45, -70], [-135, -70], [135, -70], [45, -70]],
    [[-180, 40], [180, 40], [180, 50], [-180, 50], [-180, 40]],
    # An S of three arms over the antimeridian.
    [[150, -40], [-150, -40], [-150, -25], [160, -25], [160, -10], [-150, -10], [-150, 30], [150, 30], [150, 15],
     [-160, 15], [-160, 0], [150, 0], [150, -40]],
]


def fixed(ring):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return shapely.geometry.shape(
            antimeridian.fix_shape({"type": "Polygon", "coordinates": [ring]}, great_circle=False))


@pytest.fixture(scope="module")
def rings():
    pick = random.Random(SEED)
    rings = [[list(position) for position in ring] for ring in KNOWN]
    while len(rings) < SHAPES:
        ring = pick.choice([star, star, rectangle, cap, touching, beyond])(pick)
        if fixed(ring).is_valid:
            rings.append([list(position) for position in ring])
    return rings


def item(name, geometry, bbox):
    return {"type": "Feature", "stac_version": "1.1.0", "id": name, "collection": "shapes", "geometry": geometry, "bbox": bbox,
            "properties": {"datetime": "2024-01-01T00:00:00Z"}, "links": [], "assets": {}}


def bbox(shape):
    if shape.geom_type == "Polygon":
        return list(shape.bounds)
    return antimeridian.bbox(shapely.geometry.mapping(shape))


@pytest.fixture(scope="module")
def server(tmp_path_factory, rings):
    home = tmp_path_factory.mktemp("antimeridian")
    items = []
    for number, ring in enumerate(rings):
        items.append(item(f"ring-{number}", {"type": "Polygon", "coordinates": [ring]}, bbox(fixed(ring))))
        # The other way round: the box still says where it is.
        if not is_cap(ring):
            items.append(item(f"back-{number}", {"type": "Polygon", "coordinates": [ring[::-1]]}, bbox(fixed(ring))))
    for number, (x, y) in enumerate(POINTS):
        items.append(item(f"point-{number}", {"type": "Point", "coordinates": [x, y]}, [x, y, x, y]))
    lines = "".join(json.dumps(entry) + "\n" for entry in items)
    terrabyte.run(home, "items", "load", "--collection", "shapes", "--create-collection", "-", input=lines)
    with terrabyte.Server(home) as server:
        yield server


def is_cap(ring):
    return any(abs(y) == 90 for part in shapely.get_parts(fixed(ring)) for _, y in part.exterior.coords)


def find(server, **body):
    response = requests.post(f"{server.url}/search", json=body | {"limit": 10_000, "fields": {"include": ["id"]}}, timeout=60)
    response.raise_for_status()
    return {feature["id"] for feature in response.json()["features"]}


def expected(shape, point):
    """Whether the point lies in the shape; `None` where that is too close to call."""
    place = shapely.Point(point)
    return None if shape.boundary.distance(place) < 0.01 else shape.contains(place)


def test_footprints(server, rings):
    shapes = [fixed(ring) for ring in rings]
    for point in POINTS[:: max(1, len(POINTS) // 150)]:
        found = find(server, intersects={"type": "Point", "coordinates": point})
        for number, shape in enumerate(shapes):
            wanted = expected(shape, point)
            if wanted is None:
                continue
            assert (f"ring-{number}" in found) == wanted, (point, rings[number])
            if not is_cap(rings[number]):
                assert (f"back-{number}" in found) == wanted, (point, rings[number][::-1])


def test_areas(server, rings):
    """Without a box: rings as RFC 7946 winds them."""
    for ring in rings:
        shape = fixed(ring)
        found = find(server, intersects={"type": "Polygon", "coordinates": [ring]})
        for number, point in enumerate(POINTS):
            wanted = expected(shape, point)
            if wanted is not None:
                assert (f"point-{number}" in found) == wanted, (point, ring)
