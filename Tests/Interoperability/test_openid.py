"""An independent relying party, requests-oauth2client, with the built-in OpenID provider.

Where a person would approve in a browser, the database is told so: what the pages do is tested elsewhere.
"""

import datetime
import secrets
import sqlite3
import time

import pytest
import requests
from jwskate import Jwk, JwkSet, Jwt
from requests_oauth2client import (
    AuthorizationPending, InvalidClient, InvalidGrant, InvalidScope, OAuth2Client, PkceUtils, SlowDown,
    UnauthorizedClient)

import terrabyte

EXISTING = "de.lrz.terrabyte.stac"
SCOPES = "openid profile email offline_access"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    home = tmp_path_factory.mktemp("openid")
    with terrabyte.Server(home, arguments=["--services", "auth", "--create"]) as server:
        server.issuer = f"http://localhost:{server.root.rsplit(':', 1)[1]}/auth"
        deadline = time.monotonic() + 60
        # The tables are made beside the first requests.
        while requests.get(server.root + "/auth/jwks", timeout=60).status_code != 200:
            assert time.monotonic() < deadline, server.log
            time.sleep(0.1)
        terrabyte.run(home, "users", "add", "ada", "--full-name", "Ada Lovelace", input="correct horse battery\n")
        terrabyte.run(home, "users", "add", "robot", "--kind", "service")
        yield server


@pytest.fixture(scope="module")
def secret(server):
    """Of the client "harvester"."""
    return terrabyte.run(
        server.home, "clients", "add", "harvester", "--scope", "collections:read", "--service-account",
        "robot").stdout.strip()


def client(server, client_id=EXISTING, client_secret=None):
    url = server.issuer + "/.well-known/openid-configuration"
    # The library does not look for this one itself.
    device = requests.get(url, timeout=30).json()["device_authorization_endpoint"]
    # It takes addresses of this machine for tests only.
    return OAuth2Client.from_discovery_endpoint(
        url=url, issuer=server.issuer, client_id=client_id, client_secret=client_secret, testing=True,
        device_authorization_endpoint=device)


def verified(client, token, audience, algorithm):
    """The claims of a token whose signature is that of a published key."""
    keys = JwkSet(requests.get(client.jwks_uri, timeout=30).json())
    jwt = Jwt(str(token))
    key = next(key for key in keys.jwks if key["kid"] == jwt.headers["kid"])
    assert key["alg"] == jwt.headers["alg"] == algorithm
    jwt.validate(Jwk(key), issuer=client.issuer, audience=audience, algs=[algorithm])
    return jwt.headers, jwt.claims


def approve(server, user_code):
    """As the page does when a user with a second factor approves."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    with sqlite3.connect(server.home / "platform.sqlite", timeout=30) as database:
        database.execute("INSERT OR IGNORE INTO identity_totp VALUES ('ada', ?, 0, NULL)", (secrets.token_bytes(20),))
        changed = database.execute(
            """UPDATE identity_device_requests SET decided_at = ?, is_approved = 1, account = 'ada', amr = 'pwd otp',
            auth_at = ? WHERE decided_at IS NULL""", (now, now)).rowcount
    assert changed == 1, user_code


def sign_in(server, party):
    verifier, challenge = PkceUtils.generate_code_verifier_and_challenge()
    codes = party.authorize_device(scope=SCOPES, code_challenge=challenge, code_challenge_method="S256")
    with pytest.raises(AuthorizationPending):
        party.device_code(codes, code_verifier=verifier)
    approve(server, codes.user_code)
    return party.device_code(codes, code_verifier=verifier)


def test_discovery_is_where_clients_look(server):
    paths = [
        "/auth/.well-known/openid-configuration", "/auth/realms/terrabyte/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server/auth",
    ]
    documents = [requests.get(server.root + path, timeout=30) for path in paths]
    assert all(document.headers["Access-Control-Allow-Origin"] == "*" for document in documents)
    assert all(document.json() == documents[0].json() for document in documents)
    document = documents[0].json()
    assert document["issuer"] == server.issuer
    assert client(server).token_endpoint == server.issuer + "/token"
    # Of a request with another host, too.
    other = requests.get(server.root + paths[0], headers={"Host": "evil.example"}, timeout=30)
    assert other.json() == document


def test_programs_get_tokens_with_their_secret(server, secret):
    party = client(server, "harvester", secret)
    tokens = party.client_credentials(scope="collections:read")
    assert tokens.expires_in == pytest.approx(3_600, abs=5)
    headers, claims = verified(party, tokens.access_token, "harvester", "ES256")
    assert headers["typ"] == "at+jwt"
    assert claims["sub"] == "robot" and claims["client_id"] == "harvester" and claims["scope"] == "collections:read"
    state = party.introspect_token(tokens.access_token)
    assert state["active"] is True and state["sub"] == "robot"
    assert party.revoke_access_token(tokens.access_token)
    assert party.introspect_token(tokens.access_token) == {"active": False}
    assert party.introspect_token("x") == {"active": False}
    with pytest.raises(InvalidClient):
        client(server, "harvester", secret + "x").client_credentials()
    with pytest.raises(UnauthorizedClient):
        client(server).client_credentials()


def test_device_waits_for_a_person(server):
    party = client(server)
    codes = party.authorize_device(scope=SCOPES)
    assert codes.verification_uri == server.issuer + "/device"
    assert codes.verification_uri_complete == f"{server.issuer}/device?user_code={codes.user_code}"
    assert codes.interval == 5 and len(codes.device_code) >= 26
    with pytest.raises(AuthorizationPending):
        party.device_code(codes)
    with pytest.raises(SlowDown):
        party.device_code(codes)
    with pytest.raises(InvalidGrant):
        client(server, "openeo-python").device_code(codes)
    with sqlite3.connect(server.home / "platform.sqlite", timeout=30) as database:
        database.execute("DELETE FROM identity_device_requests WHERE decided_at IS NULL")


def test_existing_client_keeps_its_refresh_token(server):
    party = client(server)
    tokens = sign_in(server, party)
    headers, claims = verified(party, tokens.id_token, EXISTING, "RS256")
    assert claims["sub"] == "ada" and claims["name"] == "Ada Lovelace" and claims["amr"] == ["pwd", "otp"]
    _, claims = verified(party, tokens.access_token, EXISTING, "ES256")
    assert claims["preferred_username"] == "ada" and claims["groups"] == []
    # As the existing client reads it.
    assert Jwt(tokens.refresh_token).claims["exp"] > time.time() + 29 * 86_400
    for _ in range(5):
        again = party.refresh_token(tokens.refresh_token)
        assert again.refresh_token == tokens.refresh_token
    assert party.userinfo(again.access_token) == {"sub": "ada", "preferred_username": "ada", "name": "Ada Lovelace"}
    assert party.revoke_refresh_token(tokens.refresh_token)
    with pytest.raises(InvalidGrant):
        party.refresh_token(tokens.refresh_token)
    assert requests.get(
        server.issuer + "/userinfo", headers={"Authorization": f"Bearer {again.access_token}"},
        timeout=30).status_code == 401


def test_our_client_rotates_its_refresh_token(server):
    party = client(server, "terrapi")
    tokens = sign_in(server, party)
    seen = {tokens.refresh_token}
    for _ in range(3):
        # The second is that of a response that was lost.
        lost, tokens = party.refresh_token(tokens.refresh_token), party.refresh_token(tokens.refresh_token)
        assert lost.refresh_token == tokens.refresh_token
        assert tokens.refresh_token not in seen
        seen.add(tokens.refresh_token)
    narrow = party.refresh_token(tokens.refresh_token, scope="openid")
    assert Jwt(str(narrow.access_token)).claims["scope"] == "openid"
    with pytest.raises(InvalidScope):
        party.refresh_token(narrow.refresh_token, scope="openid metrics:read")
    terrabyte.run(server.home, "users", "disable", "ada")
    try:
        with pytest.raises(InvalidGrant):
            party.refresh_token(narrow.refresh_token)
    finally:
        terrabyte.run(server.home, "users", "enable", "ada")


def test_keys_are_published_before_they_sign(server, secret):
    party = client(server, "harvester", secret)
    before = party.client_credentials()
    terrabyte.run(server.home, "keys", "rotate")
    keys = requests.get(party.jwks_uri, timeout=30).json()["keys"]
    assert len(keys) == 4 and len({key["kid"] for key in keys}) == 4
    assert not any("d" in key for key in keys)
    after = party.client_credentials()
    assert Jwt(str(before.access_token)).headers["kid"] == Jwt(str(after.access_token)).headers["kid"]


def test_secrets_in_urls_are_refused_and_not_logged(server, secret):
    parameters = {"grant_type": "client_credentials", "client_id": "harvester", "client_secret": secret}
    response = requests.post(server.issuer + "/token", params=parameters, timeout=30)
    assert response.status_code == 400 and response.json()["error"] == "invalid_request"
    assert response.headers["Cache-Control"] == "no-store"
    assert secret not in "".join(server.log)
