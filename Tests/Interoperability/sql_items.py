"""Items whose properties are awkward to compare, and random filters over them."""

import json
import random

import shapely

COLLECTION, MIXED_COLLECTION = "awkward", "awkward-mixed"
TEXTS = ["a", "A", "b", "Z", "ä", "a\u0308", "STRASSE", "straße", "it's", '"q"', "10%", "a_b", "a\\b", "😀", "", "é", "5",
         "2021-03-01", "2021-03-01T00:00:00Z", "2021-03-01 01:00:00+01", "2021-02-31T00:00:00Z", "Σίσυφος", "[x]", "a*b?",
         "2021-02-28t23:30:00.5-0030", "2020-12-31T23:59:60Z"]
TIMES = ["2020-12-31T23:59:59.999999Z", "2021-01-01T00:00:00Z", "2021-03-01T00:00:00Z", "2021-03-01T12:30:00.25Z",
         "2022-01-01T00:00:00Z"]
NUMBERS = [-2.5, -1, 0, 0.1, 0.3, 1, 2, 3, 7.25, 10, 1e6, 1e15]


def collection(id):
    return {"type": "Collection", "stac_version": "1.1.0", "id": id, "description": "Awkward Items",
            "license": "other", "links": [],
            "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [["2020-01-01T00:00:00Z", None]]}}}


def item(number, pick):
    """Properties of one type each; any may be missing."""
    x, y = pick.uniform(-170, 150), pick.uniform(-80, 70)
    box = None
    if pick.random() < 0.1:
        # Across the antimeridian, and cut there.
        width = pick.uniform(1, 20)
        geometry = shapely.MultiPolygon([shapely.box(180 - width, y, 180, y + 5), shapely.box(-180, y, -175, y + 5)])
        box = [180 - width, y, -175, y + 5]
    elif pick.random() < 0.5:
        geometry = shapely.box(x, y, x + pick.uniform(0.5, 20), y + pick.uniform(0.5, 10))
    else:
        geometry = shapely.Polygon([(x, y), (x + 12, y + 1), (x + 3, y + 9)])
    properties = {"datetime": pick.choice(TIMES)}
    if pick.random() < 0.3:
        properties |= {"datetime": None, "start_datetime": TIMES[1], "end_datetime": pick.choice(TIMES[1:])}
    choices = {
        "t:text": lambda: pick.choice(TEXTS), "t:other": lambda: pick.choice(TEXTS), "n:number": lambda: pick.choice(NUMBERS),
        "n:whole": lambda: pick.randrange(-3, 12), "b:flag": lambda: pick.random() < 0.5,
        "l:texts": lambda: pick.sample(["VV", "VH", "HH", "it's"], pick.randrange(0, 4)),
        "l:numbers": lambda: pick.sample([0.5, 1, 2, 3], pick.randrange(0, 4)), "updated": lambda: pick.choice(TIMES),
    }
    for name, choose in choices.items():
        if pick.random() < 0.8:
            properties[name] = choose()
    return {"type": "Feature", "stac_version": "1.1.0", "id": f"item-{number:03}", "collection": COLLECTION,
            "geometry": shapely.geometry.mapping(geometry), "bbox": box or list(geometry.bounds), "properties": properties,
            "links": [], "assets": {"B04": {"href": "b04.tif", "title": pick.choice(TEXTS), "gsd": pick.choice([10, 20.5, 60])}}}


def items(count=300, seed=4):
    pick = random.Random(seed)
    return [json.loads(json.dumps(item(number, pick))) for number in range(count)]


def mixed_items(count=300, seed=5):
    """As `items`, with properties of any type."""
    pick = random.Random(seed)
    result = [item | {"collection": MIXED_COLLECTION} for item in items(count, seed)]
    for each in result:
        for name in ["m:any", "m:other"]:
            value = pick.choice([*TEXTS, *NUMBERS, True, False, None, [1, "VV"], ["VV", None], {"deep": 1}, ...])
            if value is not ...:
                each["properties"][name] = value
        if pick.random() < 0.5:
            each["properties"]["o:nested"] = {"deep": pick.choice([1, 2, "a", None])}
        if pick.random() < 0.2:
            each["properties"]["o:nested.deep"] = 2
    return result


class Filters:
    """Random filters as CQL2 JSON. Properties are given by their type."""

    def __init__(self, seed, has_space=True, has_folding=True, is_mixed=False, is_careful=False):
        self.pick = random.Random(seed)
        # Careful: PostgreSQL has no remainder, and stops at results beyond the range of doubles.
        self.has_space, self.has_folding, self.is_careful = has_space, has_folding, is_careful
        extra = ["m:any", "m:other", "o:nested.deep"] if is_mixed else []
        self.texts, self.numbers = ["t:text", "t:other", "id", *extra], ["n:number", "n:whole", *extra]
        self.times, self.flags = ["datetime", "start_datetime", "end_datetime", "updated"], ["b:flag", *extra]
        self.lists, self.number_lists = ["l:texts", *extra], ["l:numbers", *extra]
        self.names = self.texts + self.numbers + self.times + self.flags

    def property(self, names):
        return {"property": self.pick.choice(names)}

    def expression(self, depth=3):
        kind = self.pick.random()
        if depth and kind < 0.25:
            return {"op": self.pick.choice(["and", "or"]),
                    "args": [self.expression(depth - 1) for _ in range(self.pick.randrange(2, 4))]}
        if depth and kind < 0.4:
            return {"op": "not", "args": [self.expression(depth - 1)]}
        choices = [self.number, self.number, self.text, self.text, self.like, self.instant, self.temporal, self.null,
                   self.among, self.between, self.array, self.flag]
        return self.pick.choice(choices + [self.space] * (2 * self.has_space))()

    def compare(self, left, right):
        return {"op": self.pick.choice(["=", "<>", "<", "<=", ">", ">="]), "args": [left, right]}

    def numeric(self, depth=2):
        kind = self.pick.random()
        if depth and kind < 0.35:
            operators = ["+", "-", "*", "/", "div", *([] if self.is_careful else ["^", "%"])]
            return {"op": self.pick.choice(operators), "args": [self.numeric(depth - 1), self.numeric(depth - 1)]}
        return self.property(self.numbers) if kind < 0.8 else self.pick.choice(NUMBERS)

    def number(self):
        return self.compare(self.numeric(), self.numeric())

    def string(self):
        operand = self.property(self.texts) if self.pick.random() < 0.6 else self.pick.choice(TEXTS)
        return operand

    def text(self):
        left, right = self.property(self.texts), self.string()
        if self.has_folding and self.pick.random() < 0.4:
            fold = self.pick.choice(["casei", "accenti"])
            left, right = {"op": fold, "args": [left]}, {"op": fold, "args": [right]}
        return self.compare(left, right)

    def like(self):
        pattern = self.pick.choice(["%a%", "a_b", "_", "a\\%%", "%", "", "10\\%", "str%", "a\\\\b", "%\\_%", "[x]", "a*%", "é%"])
        return {"op": "like", "args": [self.property(self.texts), pattern]}

    def moment(self):
        if self.pick.random() < 0.3:
            return {"date": self.pick.choice(["2021-01-01", "2021-03-01"])}
        return {"timestamp": self.pick.choice(TIMES)}

    def instant(self):
        kind = self.pick.random()
        left = self.property(self.times + (self.texts[:2] if kind < 0.3 else []))
        right = self.moment() if kind < 0.7 else self.pick.choice(TIMES) if kind < 0.85 else self.property(self.times)
        return self.compare(left, right)

    def temporal(self):
        operators = ["after", "before", "contains", "disjoint", "during", "equals", "finishedBy", "finishes", "intersects",
                     "meets", "metBy", "overlappedBy", "overlaps", "startedBy", "starts"]

        def extent():
            kind = self.pick.random()
            if kind < 0.3:
                return self.property(self.times + self.texts[:1])
            if kind < 0.5:
                return self.moment()
            if kind < 0.7:
                return {"interval": [self.property(self.times), self.property(self.times)]}
            first, last = sorted(self.pick.sample(TIMES, 2))
            return {"interval": [self.pick.choice([first, ".."]), self.pick.choice([last, ".."])]}

        return {"op": f"t_{self.pick.choice(operators)}", "args": [extent(), extent()]}

    def null(self):
        return {"op": "isNull", "args": [self.property(self.names + self.lists)]}

    def among(self):
        if self.pick.random() < 0.5:
            return {"op": "in", "args": [self.property(self.texts), self.pick.sample(TEXTS, 4)]}
        return {"op": "in", "args": [self.property(self.numbers), self.pick.sample(NUMBERS, 3)]}

    def between(self):
        return {"op": "between", "args": [self.property(self.numbers), self.numeric(1), self.numeric(1)]}

    def array(self):
        operator = f"a_{self.pick.choice(['contains', 'containedBy', 'equals', 'overlaps'])}"
        if self.pick.random() < 0.5:
            args = [self.property(self.lists), self.pick.sample(["VV", "VH", "HH", "it's"], self.pick.randrange(0, 3))]
        else:
            args = [self.property(self.number_lists), self.pick.sample([0.5, 1, 2, 3], self.pick.randrange(0, 3))]
        return {"op": operator, "args": args if self.pick.random() < 0.7 else args[::-1]}

    def flag(self):
        return self.property(self.flags) if self.pick.random() < 0.5 else self.compare(self.property(self.flags), True)

    def space(self):
        operator = self.pick.choice(["intersects"] * 4 + ["disjoint", "contains", "within", "equals", "touches", "overlaps"])
        x, y = self.pick.uniform(-175, 120), self.pick.uniform(-80, 50)
        kind = self.pick.random()
        if kind < 0.4:
            area = {"bbox": [x, y, x + self.pick.uniform(1, 50), y + self.pick.uniform(1, 30)]}
        elif kind < 0.6:
            area = {"bbox": [self.pick.uniform(100, 179), y, self.pick.uniform(-179, -100), y + 25]}
        elif kind < 0.9:
            area = {"type": "Polygon", "coordinates": [[[x, y], [x + 50, y + 5], [x + 20, y + 30], [x, y]]]}
        else:
            area = {"type": "Point", "coordinates": [x, y]}
        args = [{"property": "geometry"}, area]
        return {"op": f"s_{operator}", "args": args if self.pick.random() < 0.8 else args[::-1]}
