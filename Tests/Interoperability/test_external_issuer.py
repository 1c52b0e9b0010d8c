"""Access tokens of an OpenID provider of other people, nanoidp, instead of our own."""

import os
import subprocess
import sys
import time

import jwt
import pytest
import requests
import yaml

import identity
import terrabyte

USER = {"password": "secret", "email": "ada@example.org", "roles": ["USER"]}


@pytest.fixture(scope="module")
def issuer(tmp_path_factory):
    """A provider with the users ada and bob, and its settings in a folder."""
    folder = tmp_path_factory.mktemp("nanoidp")
    port = terrabyte.free_port()
    url = f"http://localhost:{port}"
    settings = {
        "server": {"host": "127.0.0.1", "port": port},
        "oauth": {
            "issuer": url, "audience": "terrabyte", "token_expiry_minutes": 60,
            "clients": [{"client_id": "tests", "client_secret": "tests", "description": ""}],
        },
    }
    (folder / "settings.yaml").write_text(yaml.safe_dump(settings))
    (folder / "users.yaml").write_text(yaml.safe_dump({"users": {"ada": USER, "bob": USER}, "default_user": "ada"}))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NANOIDP_")}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "nanoidp", "--config", str(folder)], cwd=folder, env=environment, stdout=log,
            stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                metadata = requests.get(f"{url}/.well-known/openid-configuration", timeout=5).json()
                break
            except requests.RequestException:
                assert process.poll() is None and time.monotonic() < deadline, (folder / "log").read_text()
                time.sleep(0.1)
        assert metadata["issuer"] == url
        yield metadata
    finally:
        process.terminate()
        process.wait(timeout=30)


def access_token(issuer, name):
    response = requests.post(
        issuer["token_endpoint"], auth=("tests", "tests"), timeout=30,
        data={"grant_type": "password", "username": name, "password": "secret", "scope": "openid"})
    assert response.status_code == 200, response.text
    return response.json()["access_token"]


@pytest.fixture(scope="module")
def server(issuer, tmp_path_factory):
    home = tmp_path_factory.mktemp("external")
    settings = {
        "IDENTITY_ISSUER": issuer["issuer"], "IDENTITY_AUDIENCES": "terrabyte", "IDENTITY_NAME_CLAIM": "sub",
    }
    with identity.serve(home, settings, services="catalogue,stac,private-stac,administration") as server:
        yield server


def test_people_of_the_issuer_have_collections(issuer, server):
    tokens = {name: access_token(issuer, name) for name in ["ada", "bob"]}
    assert jwt.decode(tokens["ada"], options={"verify_signature": False})["iss"] == issuer["issuer"]
    me = requests.get(f"{server.root}/api/me", headers=identity.bearer(tokens["ada"]), timeout=30)
    assert (me.status_code, me.json()["name"], me.json()["writes"]) == (200, "ada", ["ada"]), me.text
    collection = {
        "type": "Collection", "stac_version": "1.0.0", "id": "ada.fields", "description": "Fields", "license": "other",
        "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [[None, None]]}}, "links": [],
    }
    url = f"{server.root}/private/api/collections"
    created = requests.post(url, json=collection, headers=identity.bearer(tokens["ada"]), timeout=30)
    assert created.status_code == 201, created.text
    seen = {
        name: [found["id"] for found in requests.get(url, headers=identity.bearer(token), timeout=30).json()["collections"]]
        for name, token in tokens.items()
    }
    assert seen == {"ada": ["ada.fields"], "bob": []}


def test_accounts_can_be_disabled_here(issuer, server):
    token = access_token(issuer, "bob")
    url = f"{server.root}/api/me"
    assert requests.get(url, headers=identity.bearer(token), timeout=30).status_code == 200
    terrabyte.run(server.home, "users", "disable", "bob")
    deadline = time.monotonic() + 5
    while requests.get(url, headers=identity.bearer(token), timeout=30).status_code == 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    refused = requests.get(url, headers=identity.bearer(token), timeout=30)
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]


def test_tokens_of_others_are_refused(issuer, server):
    token = access_token(issuer, "ada")
    head, payload, signature = token.split(".")
    changed = signature[:10] + ("A" if signature[10] != "A" else "B") + signature[11:]
    forged = jwt.encode(jwt.decode(token, options={"verify_signature": False}), "x" * 64, algorithm="HS256")
    for other in [f"{head}.{payload}.{changed}", f"{head}.{payload}.", forged, "x" * 60_000, "a.b.c"]:
        response = requests.get(f"{server.root}/api/me", headers=identity.bearer(other), timeout=30)
        assert response.status_code == 401, response.text


def test_the_own_provider_does_not_run_beside_it(issuer, tmp_path):
    settings = {"IDENTITY_ISSUER": issuer["issuer"], "IDENTITY_AUDIENCES": "terrabyte"}
    with pytest.raises(AssertionError):
        with identity.serve(tmp_path, settings):
            pass
