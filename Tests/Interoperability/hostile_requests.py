"""Requests that are to cost a server much, each of no more than a megabyte and without a token.

In short runs, those that are merely long are a fifth as long.
"""

import json
import math
import re

import rounds


def long(count):
    return count if rounds.FACTOR > 1 else count // 5


def star(count, radius=5.0):
    """A closed ring whose edges all cross."""
    step = count // 2
    angles = [2 * math.pi * (place % count * step % count) / count for place in range(count + 1)]
    return [[round(11 + radius * math.cos(angle), 6), round(48 + radius * math.sin(angle), 6)] for angle in angles]


def coast(count):
    """A ring that goes in and out."""
    ring = []
    for place in range(count):
        angle, radius = 2 * math.pi * place / count, 4 + place % 2
        ring.append([round(11 + radius * math.cos(angle), 6), round(48 + radius * math.sin(angle), 6)])
    return [*ring, ring[0]]


def spikes(count):
    """A ring of needles that all come close to one point."""
    ring = []
    for place in range(count):
        angle, radius = 2 * math.pi * place / count, 5 if place % 2 else 1e-4
        ring.append([11 + radius * math.cos(angle), 48 + radius * math.sin(angle)])
    return [*ring, ring[0]]


def polygon(ring):
    return {"type": "Polygon", "coordinates": [ring]}


def text(value):
    return json.dumps(value, separators=(",", ":"))


def op(name, *arguments):
    return {"op": name, "args": list(arguments)}


def nested(opening, closing, inner, depth):
    return opening * depth + inner + closing * depth


NAME = {"property": "eo:cloud_cover"}
PLATFORM = {"property": "platform"}
GEOMETRY = {"property": "geometry"}


def areas():
    yield "star of 2,003", polygon(star(2_003))
    yield "star of 20,003", polygon(star(20_003))
    yield "star of 141", polygon(star(141))
    yield "many small stars", {"type": "MultiPolygon", "coordinates": [[star(71, 1 + n / 100)] for n in range(100)]}
    yield "star as a line", {"type": "LineString", "coordinates": star(20_003)}
    yield "stars as lines", {"type": "MultiLineString", "coordinates": [star(101, 1 + n / 100) for n in range(99)]}
    yield "points", {"type": "MultiPoint", "coordinates": [[n % 360 - 180, n % 80] for n in range(long(100_000))]}
    yield "one point often", {"type": "MultiPoint", "coordinates": [[11.5, 48.1]] * 20_000}
    yield "scattered points", {
        "type": "MultiPoint", "coordinates": [[n * 7 % 800 / 100 + 7, n * 13 % 400 / 100 + 46] for n in range(19_999)]}
    yield "coast", polygon(coast(19_000))
    yield "spikes", polygon(spikes(15_000))
    yield "ring traced often", polygon([[10, 47], [12, 47], [12, 49], [10, 49]] * 4_900 + [[10, 47]])
    yield "zigzag across 180", polygon([[179 if n % 2 else -179, n / 200] for n in range(15_000)] + [[-179, 0]])
    yield "round and round", {"type": "LineString", "coordinates": [[n * 170 % 360 - 180, n % 80] for n in range(19_999)]}
    yield "many holes", polygon(coast(6)) | {
        "coordinates": [coast(6)] + [[[n, 0], [n + .1, 0], [n + .1, .1], [n, 0]] for n in range(181, 4_000)]}
    yield "collections in collections", json.loads(nested(
        '{"type":"GeometryCollection","geometries":[', "]}", '{"type":"Point","coordinates":[11,48]}', 31))
    yield "collections too deep", json.loads(nested(
        '{"type":"GeometryCollection","geometries":[', "]}", '{"type":"Point","coordinates":[11,48]}', 100))
    yield "many empty parts", {
        "type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": []}] * 18_000}
    yield "equal areas", {"type": "MultiPolygon", "coordinates": [[[[10, 47], [12, 47], [12, 49], [10, 47]]]] * 4_999}


def filters():
    numbers = list(range(long(100_000)))
    yield "IN of numbers", op("in", NAME, numbers)
    yield "IN of 65,000 numbers", op("in", NAME, [n + 0.5 for n in range(65_000)])
    yield "NOT IN of texts", op("not", op("in", PLATFORM, [f"x{n}" for n in range(long(60_000))]))
    yield "IN of ids", op("in", {"property": "id"}, [f"x{n}" for n in range(long(60_000))])
    yield "IN of properties", op("in", NAME, [{"property": f"p{n}"} for n in range(250)])
    yield "IN in IN", op("in", op("in", NAME, numbers[:30_000]), [True, *numbers[:30_000]])
    yield "LIKE of many %", op("like", PLATFORM, "%a" * 5_000)
    yield "LIKE of many _", op("like", PLATFORM, "%" + "_" * 2_000 + "%" + "_a" * 1_000)
    yield "CASEI LIKE", op("like", {"op": "casei", "args": [PLATFORM]}, op("casei", "%a" * 2_000))
    yield "many LIKEs", op("or", *[op("like", PLATFORM, f"%{n}%") for n in range(9_000)])
    yield "1,000 LIKEs", op("and", *[op("not", op("like", {"property": "id"}, f"%{n}a_b%")) for n in range(1_000)])
    yield "many comparisons", op("or", *[op("=", NAME, n) for n in range(15_000)])
    yield "arrays", op("a_contains", {"property": "instruments"}, numbers)
    yield "arrays of 60,000", op("a_overlaps", {"property": "instruments"}, [f"x{n}" for n in range(long(60_000))])
    yield "equal arrays", op("a_equals", [[n, n + 1] for n in range(15_000)], [[n + 1, n] for n in range(15_000)])
    yield "deep property", op("=", {"property": ".".join(["a"] * long(100_000))}, 1)
    yield "32 names", op("=", {"property": "assets" + ".a" * 31}, 1)
    yield "long name", op("=", {"property": "a" * long(500_000)}, 1)
    yield "long text", op("=", PLATFORM, "a" * long(900_000))
    yield "long number", '{"op":"=","args":[{"property":"eo:cloud_cover"},' + "1" * long(900_000) + "]}"
    yield "long fraction", '{"op":"<","args":[{"property":"eo:cloud_cover"},0.' + "1" * long(900_000) + "e-1]}"
    yield "deep AND", nested('{"op":"and","args":[true,', "]}", "true", 10_000)
    yield "deep NOT", nested('{"op":"not","args":[', "]}", "true", 126)
    yield "deep +", op("=", json.loads(nested('{"op":"+","args":[1,', "]}", text(NAME), 120)), 1)
    yield "deep arrays", nested("[", "]", "1", long(400_000))
    yield "CASEI in CASEI", op("=", json.loads(nested('{"op":"casei","args":[', "]}", text(PLATFORM), 120)), "x")
    yield "functions", op("or", *[op(f"f{n}") for n in range(30_000)])
    for predicate in ("s_intersects", "s_within", "s_contains", "s_touches", "s_crosses", "s_overlaps", "s_equals",
                      "s_disjoint"):
        yield f"{predicate} with a star", op(predicate, GEOMETRY, polygon(star(1_001)))
        yield f"{predicate} with a coast", op(predicate, GEOMETRY, polygon(coast(15_000)))
        yield f"{predicate} with a line", op(predicate, GEOMETRY, {"type": "LineString", "coordinates": star(141)})
    yield "geometries alone", op("s_touches", polygon(coast(9_000)), polygon(coast(9_001)))
    yield "geometry of a property", op("s_crosses", {"property": "proj:geometry"}, polygon(coast(9_000)))
    yield "many geometries", op("or", *[op("s_touches", GEOMETRY, polygon(coast(15))) for _ in range(1_000)])


def bodies():
    """Names and bodies of POSTs to /search."""
    for name, area in areas():
        yield f"intersects: {name}", {"intersects": area}
    for name, filter in filters():
        body = filter if isinstance(filter, str) else text(filter)
        yield f"filter: {name}", '{"limit":1,"filter":' + body + "}"
    for name, filter in [
        ("parentheses", "(" * long(400_000)), ("NOTs", "NOT " * long(200_000) + "a"), ("signs", "a = " + "-" * long(500_000) + "1"),
        ("ORs", "a" + " OR a" * long(180_000)), ("sums", "a = 1" + " + 1" * long(200_000)), ("quotes", "'" * long(900_000)),
        ("names", "a." * long(400_000) + "a = 1"), ("WKT", "S_INTERSECTS(geometry, " + "GEOMETRYCOLLECTION(" * 30_000),
        ("IN", "eo:cloud_cover IN (" + ",".join(map(str, range(long(100_000)))) + ")"),
        ("LIKEs", " OR ".join(f"platform LIKE '%{n}%'" for n in range(20_000))),
    ]:
        yield f"text: {name}", {"filter": filter, "filter-lang": "cql2-text"}
    yield "query", {"query": {f"p{n}": {"gt": n, "lt": n + 1} for n in range(20_000)}}
    yield "query of lists", {"query": {"platform": {"in": [f"x{n}" for n in range(long(60_000))]}}}
    deep = ".".join(["a"] * long(60_000))
    for member in ("include", "exclude"):
        yield f"fields: deep {member}", {"fields": {member: [deep]}}
        yield f"fields: many {member}", {"fields": {member: [f"a.b{n}" for n in range(long(60_000))]}}
        yield f"fields: 1,000 to {member}", {"fields": {member: [f"properties.p{n}" + ".b" * 30 for n in range(1_000)]}, "limit": 1_000}
    yield "sortby", {"sortby": [{"field": f"p{n}", "direction": "asc"} for n in range(22_000)]}
    yield "sortby: the same", {"sortby": [{"field": "datetime", "direction": "asc"}] * 20_000}
    yield "sortby: deep", {"sortby": [{"field": deep}]}
    yield "sortby: 32", {"sortby": [{"field": f"p{n}"} for n in range(32)], "limit": 1_000}
    yield "ids", {"ids": [f"x{n}" for n in range(long(100_000))]}
    yield "10,000 ids", {"ids": [f"x{n}" for n in range(10_000)]}
    yield "collections", {"collections": [f"x{n}" for n in range(long(100_000))]}
    yield "bbox", {"bbox": [1] * long(400_000)}
    yield "datetime", {"datetime": "2020-01-01T00:00:00Z/" * 40_000}
    yield "token", {"token": "A" * long(900_000)}
    yield "limit", '{"limit":' + "9" * long(900_000) + "}"
    yield "q: one word", {"q": "a" * long(900_000)}
    yield "q: words", {"q": "a " * long(400_000)}
    yield "q: 8,000 words", {"q": '"' + "der Die 2020 " * 1_200 + '"'}
    yield "q: terms", {"q": [f"w{n}" for n in range(long(90_000))]}
    yield "q: parentheses", {"q": "(" * long(900_000)}
    yield "q: commas", {"q": "a," * long(400_000)}
    yield "unknown members", {f"m{n}": n for n in range(long(70_000))}
    yield "one member often", "{" + ",".join(['"limit":1'] * long(90_000)) + "}"
    yield "deep document", nested('{"a":', "}", "1", long(150_000))
    yield "open brackets", "[" * long(1_000_000)
    yield "spaces", " " * long(1_000_000)
    yield "whole pages", {"limit": 10_000, "fields": {"exclude": ["a"]}}


def requests():
    """Names, methods, paths and bodies."""
    for name, body in bodies():
        yield name, "POST", "/search", body
    for name, body in bodies():
        if re.search("star of 2|spikes|fields: deep|sortby|ids$|q: 8|IN of (ids|prop)|many LIKEs|deep prop|s_touches with", name):
            yield f"Collections: {name}", "POST", "/collections-search", body
    for name, body in bodies():
        if re.search("star of 2|IN of ids|1,000 LIKEs|s_touches with", name):
            body = body if isinstance(body, dict) else json.loads(body)
            yield f"aggregate: {name}", "POST", "/aggregate", body | {"aggregations": ["total_count", "datetime_frequency"]}
    yield "aggregate: names", "POST", "/aggregate", {"aggregations": [f"p{n}_frequency" for n in range(50_000)]}
    yield "aggregate: one name", "POST", "/aggregate", {"aggregations": ["total_count"] * 50_000}
    yield "aggregate: fine", "POST", "/aggregate", {
        "aggregations": ["centroid_geohash_grid_frequency"], "centroid_geohash_grid_frequency_precision": 12}
    deep = ".".join(["a"] * 7_000)
    for path in ("/search", "/collections", "/collections/sentinel-2-c1-l2a/items"):
        yield f"{path}: fields", "GET", f"{path}?fields={deep}", None
        yield f"{path}: sortby", "GET", f"{path}?sortby=" + ",".join(f"p{n}" for n in range(2_000)), None
        yield f"{path}: filter", "GET", f"{path}?filter={deep}%3D1", None
        yield f"{path}: ids", "GET", f"{path}?" + "&".join(f"ids=x{n}" for n in range(1_400)), None
        yield f"{path}: Accept", "GET", path, None
    yield "parquet", "GET", "/search?limit=2000", None
    yield "path", "GET", "/" + "a/" * 7_000, None
    yield "no token", "POST", "/collections/sentinel-2-c1-l2a/items", {"features": [{}] * long(100_000)}
