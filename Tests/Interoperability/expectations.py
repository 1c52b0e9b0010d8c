"""The result that a search must have, computed from all Items by the plainest of means."""

import datetime

import shapely


def instant(text):
    """An RFC 3339 timestamp; an offset may lack its minutes."""
    if text[-3] in "+-" and text[-2:].isdigit():
        text += ":00"
    return datetime.datetime.fromisoformat(text)


def span(item):
    """The time that an Item is about: its interval, else its instant."""
    properties = item["properties"]
    if properties.get("start_datetime"):
        return instant(properties["start_datetime"]), instant(properties["end_datetime"])
    return (instant(properties["datetime"]),) * 2


def overlaps(item, start, end):
    first, last = span(item)
    return first <= instant(end) and last >= instant(start)


def intersects(item, geometry):
    return shapely.geometry.shape(item["geometry"]).intersects(geometry)


def ids(items):
    """Sorted, so that what differs is seen at once."""
    return sorted(item["id"] if isinstance(item, dict) else item.id for item in items)


def assert_same(found, expected):
    """The same Items, each once; and enough of them for the test to mean something."""
    found, expected = ids(found), ids(expected)
    assert expected, "the test expects nothing"
    assert len(found) == len(set(found)), "an Item was found twice"
    assert found == expected
