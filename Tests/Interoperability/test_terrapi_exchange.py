"""What the platform's existing client says, terrapi 13f54f4 and terrapi-client: its requests, in its order, with its forms.

The client is on no package index. Where its requests are odd, they are so here, too: users have it.
"""

import base64
import concurrent.futures
import datetime
import hashlib
import secrets
import time
import urllib.parse

import jwt
import pystac
import pystac_client
import pytest
import requests

import identity
import terrabyte
from browsers import Person, chromium

CLIENT = "de.lrz.terrabyte.stac"
USER = "di99abc"
CONTAINER = "pn56su-dss-0001"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("terrapi")
    identity.prepare(home, USER, "colleague", "ada", roles={"ada": ["administrator"]})
    terrabyte.run(home, "containers", "add", CONTAINER, "--title", "Fields")
    terrabyte.run(home, "containers", "add-member", CONTAINER, USER, "--level", "rw")
    terrabyte.run(home, "containers", "add-member", CONTAINER, "colleague", "--level", "ro")
    terrabyte.run(home, "containers", "add", "planet-dss-0002", "--title", "Planet")
    return home


@pytest.fixture(scope="module")
def server(home):
    with identity.serve(home) as server:
        server.root = server.root.replace("127.0.0.1", "localhost")
        yield server


class Terrapi:
    """The client, with the refresh token that it keeps in a file."""

    def __init__(self, root):
        self.root = root
        self.session = requests.Session()
        self.refresh_token = None

    def discover(self):
        """Anew for each command."""
        issuer = f"{self.root}/auth/realms/terrabyte/"
        response = self.session.get(issuer.rstrip("/") + "/.well-known/openid-configuration", timeout=20)
        response.raise_for_status()
        metadata = response.json()
        self.scope = " ".join(sorted({"openid", "offline_access"} & set(metadata["scopes_supported"])))
        return metadata

    def login(self, approve):
        metadata = self.discover()
        assert self.scope == "offline_access openid"
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        response = self.session.post(
            metadata["device_authorization_endpoint"],
            data={"client_id": CLIENT, "scope": self.scope, "code_challenge": (challenge,), "code_challenge_method": "S256"})
        assert response.status_code == 200, response.text
        info = response.json()
        data = {
            "client_id": CLIENT, "device_code": info["device_code"], "code_verifier": verifier,
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        }
        approve(info["verification_uri_complete"])
        response = self.session.post(metadata["token_endpoint"], data=data, timeout=5)
        assert response.status_code == 200, response.text
        self.refresh_token = response.json()["refresh_token"]
        # Read without verification; one that is not a JWT, or has no exp, ends the client.
        assert jwt.decode(self.refresh_token, options={"verify_signature": False})["exp"] > time.time() + 86_400
        return response.json()

    def access_token(self):
        """Of the same refresh token each time: one that comes with it is dropped."""
        metadata = self.discover()
        response = self.session.post(
            metadata["token_endpoint"],
            data={"grant_type": "refresh_token", "client_id": CLIENT, "refresh_token": self.refresh_token})
        assert response.status_code == 200, response.text
        return response.json()["access_token"]

    def request(self, method, path, **options):
        """A new session and a new access token for each request."""
        request = requests.Request(method, f"{self.root}{path}", **options)
        request.headers["Authorization"] = f"Bearer {self.access_token()}"
        with requests.Session() as session:
            return session.send(session.prepare_request(request), timeout=60)


@pytest.fixture(scope="module")
def terrapi(server):
    terrapi = Terrapi(server.root)

    def approve(url):
        with chromium() as browser:
            person = Person(browser, server.root, viewport={"width": 1280, "height": 900})
            parts = urllib.parse.urlsplit(url)
            person.open(f"{parts.path}?{parts.query}")
            person.password(USER, identity.PASSWORD)
            person.enrol()
            person.press("Approve")
            assert person.heading() == "You are signed in"

    tokens = terrapi.login(approve)
    # The prefixes that may be written are those of the token's groups.
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert claims["preferred_username"] == USER
    assert claims["groups"] == [f"/dss/{CONTAINER}"]
    return terrapi


def collection(id):
    """As terrapi-client's own example writes it, with three numbers for a box."""
    extent = pystac.Extent(pystac.SpatialExtent([[-180, -90.180, 90]]), pystac.TemporalExtent([[None, None]]))
    return pystac.Collection(id, "desc", extent).to_dict()


def item(id):
    """As pystac writes one whose bbox is None."""
    geometry = {"type": "Point", "coordinates": [0, 0]}
    return pystac.Item(id, geometry, None, datetime=datetime.datetime(2024, 1, 1), properties={}).to_dict()


def test_life_of_a_collection(terrapi):
    id = f"{USER}.fields"
    assert terrapi.request("POST", "/private/api/collections", json=collection(id)).status_code == 201
    assert terrapi.request("POST", "/private/api/collections", json=collection(id)).status_code == 409
    changed = {**collection(id), "description": "new desc"}
    for path in ["/private/api/collections", f"/private/api/collections/{id}"]:
        assert terrapi.request("PUT", path, json=changed).status_code == 200
    listed = terrapi.request("GET", "/private/api/collections", json={}).json()["collections"]
    assert [(found["id"], found["description"]) for found in listed] == [(id, "new desc")]

    items = f"/private/api/collections/{id}/items"
    assert terrapi.request("POST", items, json=item("a")).status_code == 201
    assert terrapi.request("POST", items, json=item("a")).status_code == 409
    assert terrapi.request("PUT", f"{items}/a", json=item("a")).status_code == 200
    several = {"type": "FeatureCollection", "features": [item("b"), item("c")]}
    assert terrapi.request("POST", items, json=several).status_code == 201
    assert terrapi.request("POST", items, json=several).status_code == 409
    assert [found["id"] for found in terrapi.request("GET", items, params={"limit": 2}).json()["features"]] == ["c", "b"]
    found = terrapi.request("GET", "/private/api/search", json={"collections": [id], "limit": 10}).json()["features"]
    assert {each["id"] for each in found} == {"a", "b", "c"}
    assert "properties" in terrapi.request("GET", f"/private/api/collections/{id}/queryables").json()

    deleted = terrapi.request("DELETE", f"{items}/a")
    assert (deleted.status_code, deleted.json()) == (200, {"deleted item": "a"})
    assert terrapi.request("GET", f"{items}/a").status_code == 404
    # terrapi-client's example passes the Collection itself in the place of its id.
    odd = urllib.parse.quote(f"<Collection id={id}>")
    deleted = terrapi.request("DELETE", f"/private/api/collections/{odd}")
    assert deleted.status_code == 200
    assert terrapi.request("GET", f"/private/api/collections/{id}").status_code == 404


def test_shared_collections_and_those_of_others(terrapi, home):
    id = f"{CONTAINER}.shared"
    assert terrapi.request("POST", "/private/api/collections", json=collection(id)).status_code == 201
    refused = terrapi.request("POST", "/private/api/collections", json=collection("colleague.fields"))
    assert refused.status_code in (400, 403)
    assert f"{USER}." in refused.json()["detail"] and "colleague" not in refused.text.replace("colleague.fields", "")
    token = identity.token(home, "colleague", "collections:read", "collections:write")
    catalog = pystac_client.Client.open(f"{terrapi.root}/private/api", headers=identity.bearer(token))
    assert [found.id for found in catalog.get_collections()] == [id]
    url = f"{terrapi.root}/private/api/collections/{id}/items"
    assert requests.post(url, json=item("a"), headers=identity.bearer(token), timeout=60).status_code == 403


def test_many_commands_at_once_on_one_login(terrapi):
    """Each reads the same refresh token; none writes what it gets."""
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        clients = [Terrapi(terrapi.root) for _ in range(20)]
        for client in clients:
            client.refresh_token = terrapi.refresh_token
        statuses = pool.map(lambda client: client.request("GET", "/private/api/collections").status_code, clients)
        assert set(statuses) == {200}
    assert terrapi.request("GET", "/private/api/collections").status_code == 200


def test_restricted_data(terrapi, home, server):
    token = identity.token(home, "ada", "administration")
    dataset = {
        "container": "planet-dss-0002", "name": "Planet Fusion", "eligible": ["internal"], "description": "Daily.",
        "documents": [{"title": "EULA", "href": "/docs/eula"}],
    }
    added = requests.post(
        f"{server.root}/api/admin/datasets", json=dataset, headers=identity.bearer(token), timeout=60)
    assert added.status_code == 201
    [listed] = terrapi.request("GET", "/restricted-data/list-available-DSS").json()["containers"]
    assert listed == {"name": "Planet Fusion", "id": "planet-dss-0002", "status": "available"}
    shown = terrapi.request("GET", "/restricted-data/request/container/Planet Fusion").json()["container"]
    assert shown["hrefs"] == [f"{server.root}/docs/eula"]
    granted = terrapi.request("POST", "/restricted-data/request/access/Planet Fusion", params={"eulaAccept": True})
    assert granted.json() == {"status": "registered"}
    claims = jwt.decode(terrapi.access_token(), options={"verify_signature": False})
    assert "/dss/planet-dss-0002-ro" in claims["groups"]


def test_who_is_disabled_is_out(terrapi, home):
    terrabyte.run(home, "users", "disable", USER)
    metadata = terrapi.discover()
    refused = requests.post(
        metadata["token_endpoint"], timeout=60,
        data={"grant_type": "refresh_token", "client_id": CLIENT, "refresh_token": terrapi.refresh_token})
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
