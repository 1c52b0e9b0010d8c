"""Hundreds of people who write at the same time: nothing is lost, nobody overwrites what they have not seen."""

import asyncio
import collections
import itertools
import json
import random
import time

import aiohttp
import requests

import identity
import postgresql
import rounds
import terrabyte

WRITERS = 500
COLLECTIONS = 50
OWNERS = [f"owner{number}" for number in range(10)]
# How long, with `TERRABYTE_TEST_FACTOR=3` a minute.
SECONDS = rounds.count(20)


def collection(id):
    return {
        "type": "Collection", "stac_version": "1.0.0", "id": id, "description": "Counters", "license": "other", "links": [],
        "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [[None, None]]}},
    }


def item(id, collection, count):
    return {
        "type": "Feature", "stac_version": "1.0.0", "id": id, "collection": collection, "links": [], "assets": {},
        "geometry": {"type": "Point", "coordinates": [11, 48]}, "bbox": [11, 48, 11, 48],
        "properties": {"datetime": "2024-01-01T00:00:00Z", "count": count},
    }


class Crowd:
    """People who count up shared Items, each change after what they have read, and add Items of their own."""

    def __init__(self, urls, tokens):
        self.urls = itertools.cycle(urls)
        self.tokens = tokens
        self.counts = collections.Counter()
        self.added = collections.defaultdict(set)
        self.statuses = collections.Counter()

    async def run(self, seconds):
        self.end = time.monotonic() + seconds
        connector = aiohttp.TCPConnector(limit=0)
        timeout = aiohttp.ClientTimeout(total=60)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as self.session:
            await asyncio.gather(*(self.write(number) for number in range(WRITERS)))

    async def write(self, number):
        chance = random.Random(number)
        owner = OWNERS[number % len(OWNERS)]
        name = f"{owner}.c{number % COLLECTIONS // len(OWNERS)}"
        headers = identity.bearer(self.tokens[owner])
        for round in itertools.count():
            # Staggered, so that all are at work from the first second without asking in one moment.
            await asyncio.sleep(chance.random())
            if time.monotonic() > self.end:
                return
            url = f"{next(self.urls)}/private/api/collections/{name}/items"
            if chance.random() < 0.5:
                await self.count(f"{url}/counter", name, headers)
            else:
                id = f"i{number}-{round}"
                status, _, _ = await self.send("POST", url, headers, item(id, name, 0))
                if status == 201:
                    self.added[name].add(id)

    async def count(self, url, name, headers):
        status, tag, body = await self.send("GET", url, headers)
        if status != 200:
            return
        changed = item("counter", name, body["properties"]["count"] + 1)
        status, _, _ = await self.send("PUT", url, {**headers, "If-Match": tag}, changed)
        if status == 200:
            self.counts[name] += 1

    async def send(self, method, url, headers, body=None):
        async with self.session.request(method, url, headers=headers, json=body) as response:
            self.statuses[method, response.status] += 1
            text = await response.read()
            return response.status, response.headers.get("ETag"), json.loads(text) if text else None


def crowd(home, servers, options=()):
    scopes = ["collections:read", "collections:write"]
    tokens = {owner: identity.token(home, owner, *scopes, options=options) for owner in OWNERS}
    names = [f"{owner}.c{number}" for owner in OWNERS for number in range(COLLECTIONS // len(OWNERS))]
    crowd = Crowd([server.root for server in servers], tokens)

    async def prepare():
        async with aiohttp.ClientSession() as crowd.session:
            url = f"{servers[0].root}/private/api/collections"
            for name in names:
                headers = identity.bearer(tokens[name.split(".")[0]])
                assert (await crowd.send("POST", url, headers, collection(name)))[0] == 201
                assert (await crowd.send("POST", f"{url}/{name}/items", headers, item("counter", name, 0)))[0] == 201

    asyncio.run(prepare())
    crowd.statuses.clear()
    asyncio.run(crowd.run(SECONDS))
    print(dict(crowd.statuses))
    # Who was told to come again has lost nothing; nothing failed.
    assert {status for _, status in crowd.statuses} <= {200, 201, 412, 429, 503}
    accepted = crowd.statuses["PUT", 200] + crowd.statuses["POST", 201]
    assert accepted > 100 and len(crowd.counts) > COLLECTIONS / 2
    for server, name in itertools.product(servers, names):
        headers = identity.bearer(tokens[name.split(".")[0]])
        # A node hears of what others write a moment later.
        end = time.monotonic() + 30
        while True:
            found = read_all(server, name, headers)
            if found.pop("counter") == crowd.counts[name] and crowd.added[name] <= set(found):
                break
            assert time.monotonic() < end, (name, found.keys() ^ crowd.added[name], crowd.counts[name])
            time.sleep(0.1)
        # A response that did not arrive in time may be of a write that was made.
        assert len(found) - len(crowd.added[name]) <= crowd.statuses["POST", 503], name


def read_all(server, name, headers):
    """Counts by the ids of Items."""
    response = requests.get(
        f"{server.root}/private/api/collections/{name}/items?limit=10000", headers=headers, timeout=60)
    response.raise_for_status()
    page = response.json()
    assert page["numberMatched"] == len(page["features"])
    return {feature["id"]: feature["properties"]["count"] for feature in page["features"]}


def test_on_one_node(tmp_path):
    identity.prepare(tmp_path, *OWNERS)
    with identity.serve(tmp_path) as server:
        crowd(tmp_path, [server])
    terrabyte.run(tmp_path, "verify")


def test_on_two_nodes_with_postgresql(tmp_path):
    with postgresql.server() as database:
        options = ["--database", database]
        homes = [tmp_path / name for name in ["a", "b"]]
        for home in homes:
            home.mkdir()
        identity.prepare(homes[0], *OWNERS, options=options)
        with identity.serve(homes[0], options=options) as first, identity.serve(homes[1], options=options) as second:
            crowd(homes[0], [first, second], options)
        terrabyte.run(homes[0], "verify", *options)
