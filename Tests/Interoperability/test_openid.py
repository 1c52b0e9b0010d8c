"""An independent relying party, requests-oauth2client, with the built-in OpenID provider.

People sign in, consent and approve in a browser, on the provider's pages.
"""

import base64
import datetime
import json
import sqlite3
import time
import urllib.parse

import pytest
import requests
from jwskate import Jwt
from requests_oauth2client import (
    AccessDenied, AuthorizationPending, AuthorizationResponseError, ConsentRequired, InvalidClient, InvalidGrant,
    InvalidScope, LoginRequired, PkceUtils, SlowDown, UnauthorizedClient)

import relying_party
import terrabyte
from browsers import PASSWORD, Person, chromium
from relying_party import Listener, changed, verified

EXISTING = "de.lrz.terrabyte.stac"
SCOPES = "openid profile email offline_access"
# Of whom nothing but the name is known.
PEOPLE = ["bob", "cleo", "dan", "eve", "fay"]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    home = tmp_path_factory.mktemp("openid")
    with terrabyte.Server(home, {"LOG_LEVEL": "info"}, ["--services", "auth", "--create"]) as server:
        server.issuer = f"http://localhost:{server.root.rsplit(':', 1)[1]}/auth"
        deadline = time.monotonic() + 60
        # The tables are made beside the first requests.
        while requests.get(server.root + "/auth/jwks", timeout=60).status_code != 200:
            assert time.monotonic() < deadline, server.log
            time.sleep(0.1)
        terrabyte.run(
            home, "users", "add", "ada", "--full-name", "Ada Lovelace", "--email", "ada@example.org",
            input=PASSWORD + "\n")
        for name in PEOPLE:
            terrabyte.run(home, "users", "add", name, input=PASSWORD + "\n")
        terrabyte.run(home, "users", "add", "robot", "--kind", "service")
        yield server


@pytest.fixture(scope="module")
def secret(server):
    """Of the client "harvester"."""
    return terrabyte.run(
        server.home, "clients", "add", "harvester", "--scope", "collections:read", "--service-account",
        "robot").stdout.strip()


@pytest.fixture(scope="module")
def listener():
    with Listener() as listener:
        yield listener


@pytest.fixture(scope="module")
def dashboard(server, listener):
    """A program of others with a secret, to whose web server browsers return."""
    scopes = [f"--scope={scope}" for scope in ["openid", "profile", "email", "offline_access", "collections:read"]]
    secret = terrabyte.run(
        server.home, "clients", "add", "dashboard", "--title", "Field dashboard", "--redirect-uri", listener.callback,
        "--redirect-uri", listener.signed_out, *scopes).stdout.strip()
    return client(server, "dashboard", secret, redirect_uri=listener.callback)


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def person(browser, server):
    """Makes people with browsers of their own; those with a name sign in, and set up a second factor.

    Theirs run no scripts: the pages need none, and what examines pages takes its time.
    """
    people = []

    def person(name=None):
        somebody = Person(browser, server.issuer.removesuffix("/auth"), java_script_enabled=name is None)
        people.append(somebody)
        if name:
            somebody.open("/auth/login")
            somebody.password(name)
            somebody.enrol()
            assert somebody.heading() == "Your account"
        return somebody

    yield person
    for each in people:
        each.context.close()


@pytest.fixture(scope="module")
def ada(person):
    return person("ada")


def client(server, client_id=EXISTING, client_secret=None, **options):
    return relying_party.client(server.issuer, client_id, client_secret, **options)


def approve(person, codes):
    """As somebody who follows the link that the device shows."""
    person.page.goto(codes.verification_uri_complete)
    person.check()
    assert person.heading() == "Is this your program?"
    assert person.page.locator(".compare").inner_text() == codes.user_code
    person.press("Approve")
    assert person.heading() == "You are signed in"


def sign_in_device(party, person):
    verifier, challenge = PkceUtils.generate_code_verifier_and_challenge()
    codes = party.authorize_device(scope=SCOPES, code_challenge=challenge, code_challenge_method="S256")
    with pytest.raises(AuthorizationPending):
        party.device_code(codes, code_verifier=verifier)
    approve(person, codes)
    return party.device_code(codes, code_verifier=verifier)


def ask(person, request, changes={}):
    """Sends the browser to the provider with the relying party's request."""
    person.page.goto(changed(request, changes))


def sign_in_silently(party, person, listener, **options):
    """The tokens of somebody who is signed in and has consented before."""
    request = party.authorization_request(prompt="none", **options)
    ask(person, request)
    return party.authorization_code(request.validate_callback(listener.address()))


def pass_an_hour(server, name):
    """Since somebody has signed in."""
    with sqlite3.connect(server.home / "platform.sqlite", timeout=30) as database:
        query = "SELECT id, authenticated_at FROM identity_sessions WHERE account = ?"
        times = database.execute(query, (name,)).fetchall()
        assert times
        for id, text in times:
            earlier = (datetime.datetime.fromisoformat(text) - datetime.timedelta(hours=1)).isoformat()
            database.execute("UPDATE identity_sessions SET authenticated_at = ? WHERE id = ?", (earlier, id))


def userinfo_status(server, tokens):
    return requests.get(
        server.issuer + "/userinfo", headers={"Authorization": f"Bearer {tokens.access_token}"}, timeout=30).status_code


def wait_until_ended(server, tokens):
    """It may be remembered for a moment that they were valid."""
    deadline = time.monotonic() + 10
    while userinfo_status(server, tokens) != 401:
        assert time.monotonic() < deadline, "The access token is still accepted."
        time.sleep(0.1)


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


def test_device_waits_for_a_person(server, ada):
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
    # As somebody types it who reads it from another screen.
    ada.open("/auth/device")
    ada.page.get_by_label("Code", exact=True).fill(codes.user_code.replace("-", " ").lower())
    ada.press("Continue")
    assert ada.heading() == "Is this your program?"
    ada.press("Deny")
    assert ada.heading() == "Denied"
    with pytest.raises(AccessDenied):
        party.device_code(codes)


def test_existing_client_keeps_its_refresh_token(server, ada):
    party = client(server)
    tokens = sign_in_device(party, ada)
    headers, claims = verified(party, tokens.id_token, EXISTING, "RS256")
    assert claims["sub"] == "ada" and claims["name"] == "Ada Lovelace" and claims["amr"] == ["pwd", "otp", "mfa"]
    _, claims = verified(party, tokens.access_token, EXISTING, "ES256")
    assert claims["preferred_username"] == "ada" and claims["groups"] == []
    # As the existing client reads it.
    assert Jwt(tokens.refresh_token).claims["exp"] > time.time() + 29 * 86_400
    for _ in range(5):
        again = party.refresh_token(tokens.refresh_token)
        assert again.refresh_token == tokens.refresh_token
    assert party.userinfo(again.access_token) == {
        "sub": "ada", "preferred_username": "ada", "name": "Ada Lovelace", "email": "ada@example.org"}
    assert party.revoke_refresh_token(tokens.refresh_token)
    with pytest.raises(InvalidGrant):
        party.refresh_token(tokens.refresh_token)
    assert userinfo_status(server, again) == 401


def test_our_client_rotates_its_refresh_token(server, person):
    party = client(server, "terrapi")
    tokens = sign_in_device(party, person("bob"))
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
    terrabyte.run(server.home, "users", "disable", "bob")
    with pytest.raises(InvalidGrant):
        party.refresh_token(narrow.refresh_token)


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


def test_program_of_others_goes_the_whole_way(server, dashboard, listener, person):
    """Sign-in, consent, tokens, refreshes, and the sign-out that the program asks for."""
    cleo = person()
    request = dashboard.authorization_request(scope=SCOPES, login_hint="cleo")
    assert request.code_challenge_method == "S256" and request.nonce and request.state
    ask(cleo, request)
    assert cleo.page.locator("#username").input_value() == "cleo"
    cleo.password("cleo")
    cleo.enrol()
    assert cleo.heading() == "Give access?"
    text = cleo.page.inner_text("main")
    assert "Field dashboard wants to act for you, cleo." in text and listener.root in text
    assert "Stay signed in" in text and "collections" not in text
    cleo.press("Approve")
    # It compares state and issuer, and of the id_token the signature, nonce and at_hash.
    answer = request.validate_callback(listener.address())
    assert answer.iss == server.issuer
    tokens = dashboard.authorization_code(answer)
    _, claims = verified(dashboard, tokens.id_token, "dashboard", "RS256")
    assert claims["sub"] == "cleo" and claims["nonce"] == request.nonce and len(claims["at_hash"]) == 22
    assert claims["amr"] == ["pwd", "otp", "mfa"] and abs(time.time() - claims["auth_time"]) < 60
    headers, access = verified(dashboard, tokens.access_token, "dashboard", "ES256")
    assert headers["typ"] == "at+jwt" and access["sid"] == claims["sid"] and "groups" not in access
    assert set(tokens.scope.split()) == set(SCOPES.split()) == set(access["scope"].split())
    assert dashboard.userinfo(tokens.access_token) == {"sub": "cleo", "preferred_username": "cleo"}

    refreshed = dashboard.refresh_token(tokens)
    assert refreshed.refresh_token not in [None, tokens.refresh_token]
    assert verified(dashboard, refreshed.access_token, "dashboard", "ES256")[1]["sid"] == claims["sid"]
    assert dashboard.userinfo(refreshed.access_token)["sub"] == "cleo" and refreshed.id_token is None

    end_session = relying_party.discovery(server.issuer)["end_session_endpoint"]
    hint = {"id_token_hint": str(tokens.id_token), "post_logout_redirect_uri": listener.signed_out, "state": "s&t"}
    cleo.page.goto(f"{end_session}?{urllib.parse.urlencode(hint)}")
    assert listener.address() == f"{listener.signed_out}?state=s%26t"
    request = dashboard.authorization_request(prompt="none")
    ask(cleo, request)
    with pytest.raises(LoginRequired):
        request.validate_callback(listener.address())
    # The program itself stays signed in, until it says so.
    refreshed = dashboard.refresh_token(refreshed)
    assert dashboard.revoke_refresh_token(refreshed.refresh_token)
    wait_until_ended(server, refreshed)
    # None of what was in addresses is in the log, which the last of these requests has reached.
    deadline = time.monotonic() + 10
    while not any("/auth/logout" in line for line in server.log):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    log = "".join(server.log)
    assert not any(text in log for text in [answer.code, request.state, answer.state, str(tokens.id_token)])


def test_consent_is_asked_for_once_and_for_more(dashboard, listener, ada):
    def ask_for(scope, **options):
        request = dashboard.authorization_request(scope=scope, **options)
        ask(ada, request)
        return request

    with pytest.raises(ConsentRequired):
        ask_for("openid", prompt="none").validate_callback(listener.address())
    request = ask_for("openid")
    ada.press("Deny")
    with pytest.raises(AuthorizationResponseError) as refusal:
        request.validate_callback(listener.address())
    assert refusal.value.error == "access_denied"
    request = ask_for("openid offline_access")
    ada.press("Approve")
    tokens = dashboard.authorization_code(request.validate_callback(listener.address()))
    sign_in_silently(dashboard, ada, listener, scope="openid")
    with pytest.raises(ConsentRequired):
        ask_for("openid collections:read", prompt="none").validate_callback(listener.address())
    request = ask_for("openid collections:read")
    assert ada.heading() == "Give access?" and "Read your own and shared collections" in ada.page.inner_text("main")
    assert dashboard.revoke_refresh_token(tokens.refresh_token)
    assert listener.is_unvisited()


def test_our_program_on_this_machine_asks_unless_somebody_has_just_signed_in(server, listener, person):
    """Any program may pretend to be it, and a browser may be left alone."""
    party = client(server, "terrapi", redirect_uri=listener.callback)
    dan = person()
    request = party.authorization_request(scope=SCOPES)
    ask(dan, request)
    dan.password("dan")
    dan.enrol()
    tokens = party.authorization_code(request.validate_callback(listener.address()))
    _, claims = verified(party, tokens.id_token, "terrapi", "RS256")
    assert claims["sub"] == "dan" and claims["nonce"] == request.nonce
    assert {"collections:read", "collections:write"} < set(tokens.scope.split())
    assert party.refresh_token(tokens).refresh_token != tokens.refresh_token

    pass_an_hour(server, "dan")
    request = party.authorization_request(prompt="none")
    ask(dan, request)
    with pytest.raises(ConsentRequired):
        request.validate_callback(listener.address())
    request = party.authorization_request()
    ask(dan, request)
    assert dan.heading() == "Give access?" and "terrapi wants to act for you, dan." in dan.page.inner_text("main")
    assert listener.is_unvisited()
    dan.press("Approve")
    tokens = party.authorization_code(request.validate_callback(listener.address()))
    assert tokens.refresh_token is None
    # Of a sign-in that is not older than the program wants.
    ask(dan, party.authorization_request(max_age=600))
    assert dan.heading() == "Sign in again"
    ask(dan, party.authorization_request(prompt="login"))
    assert dan.heading() == "Sign in again"
    assert listener.is_unvisited()


@pytest.mark.parametrize(
    "uri", [
        "https://evil.example/callback", "{host}.evil.example/callback", "{root}@evil.example/callback",
        "{root}/callback/../evil", "{root}/callback?next=https://evil.example/", "{root}/callback#evil", "{root}/",
        "https://127.0.0.1/callback", "javascript:alert(1)", None,
    ])
def test_nobody_is_sent_where_no_program_is(server, dashboard, listener, ada, uri):
    """Neither with a code nor with an error, signed in or not."""
    uri = uri and uri.format(root=listener.root, host="http://127.0.0.1")
    good = dashboard.authorization_request()
    others = [{}, {"prompt": "none"}, {"response_type": "token"}]
    addresses = [changed(good, {"redirect_uri": uri} | other) for other in others]
    for address in addresses:
        response = ada.page.goto(address)
        assert response.status == 400 and response.request.redirected_from is None and ada.page.url == address
        assert ada.heading() == "The program's request cannot be used"
        response = requests.get(address, allow_redirects=False, timeout=30)
        assert response.status_code == 400 and "Location" not in response.headers
    assert listener.is_unvisited()


def test_second_redirect_uri_is_refused(dashboard, listener, ada):
    for order in [[listener.callback, "https://evil.example/"], ["https://evil.example/", listener.callback]]:
        request = changed(dashboard.authorization_request(), {"redirect_uri": None})
        twice = urllib.parse.urlencode([("redirect_uri", uri) for uri in order])
        response = ada.page.goto(f"{request}&{twice}")
        assert response.status == 400 and response.request.redirected_from is None
    assert listener.is_unvisited()


@pytest.mark.parametrize(
    "client_id, changes, error", [
        ("dashboard", {"response_type": "token"}, "unsupported_response_type"),
        ("dashboard", {"response_type": "id_token token"}, "unsupported_response_type"),
        ("dashboard", {"response_type": "code id_token"}, "unsupported_response_type"),
        ("dashboard", {"response_type": None}, "invalid_request"),
        ("dashboard", {"response_mode": "fragment"}, "invalid_request"),
        ("dashboard", {"request": "e30.e30."}, "request_not_supported"),
        ("dashboard", {"request_uri": "https://evil.example/"}, "request_uri_not_supported"),
        ("dashboard", {"scope": "administration"}, "invalid_scope"),
        ("dashboard", {"prompt": "none login"}, "invalid_request"),
        ("dashboard", {"code_challenge_method": "plain"}, "invalid_request"),
        ("terrapi", {"code_challenge_method": "plain"}, "invalid_request"),
        # Which means plain.
        ("terrapi", {"code_challenge_method": None}, "invalid_request"),
        ("terrapi", {"code_challenge": None}, "invalid_request"),
        ("terrapi", {"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ("terrapi", {"code_challenge": "short"}, "invalid_request"),
    ])
def test_request_that_is_wrong_gets_no_code(server, dashboard, listener, ada, client_id, changes, error):
    """The program hears of it, with its state and the issuer."""
    party = dashboard if client_id == "dashboard" else client(server, client_id, redirect_uri=listener.callback)
    request = party.authorization_request()
    ask(ada, request, changes)
    address = listener.address()
    with pytest.raises(AuthorizationResponseError) as refusal:
        request.validate_callback(address)
    assert refusal.value.error == error
    parameters = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)
    assert parameters["state"] == [request.state] and parameters["iss"] == [server.issuer]
    assert "code" not in parameters and "#" not in address


def test_silent_request_of_nobody_is_answered(server, dashboard, listener, person):
    request = dashboard.authorization_request(prompt="none")
    ask(person(), request)
    address = listener.address()
    parameters = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)
    assert parameters["error"] == ["login_required"]
    assert parameters["state"] == [request.state] and parameters["iss"] == [server.issuer]
    with pytest.raises(LoginRequired):
        request.validate_callback(address)


@pytest.fixture
def code(dashboard, listener, consenting):
    """Makes answers with codes to the dashboard, for somebody who has consented."""

    def code(**changes):
        request = dashboard.authorization_request(scope="openid offline_access")
        ask(consenting, request, changes)
        return request.validate_callback(listener.address())

    return code


@pytest.fixture(scope="module")
def consenting(dashboard, listener, person):
    """Somebody who has let the dashboard act for them."""
    eve = person("eve")
    request = dashboard.authorization_request(scope="openid offline_access")
    ask(eve, request)
    eve.press("Approve")
    dashboard.authorization_code(request.validate_callback(listener.address()))
    return eve


def test_code_that_is_used_twice_ends_what_it_gave(server, dashboard, code):
    answer = code()
    tokens = dashboard.authorization_code(answer)
    refreshed = dashboard.refresh_token(tokens)
    assert userinfo_status(server, refreshed) == 200
    with pytest.raises(InvalidGrant):
        dashboard.authorization_code(answer)
    with pytest.raises(InvalidGrant):
        dashboard.refresh_token(refreshed)
    for each in [tokens, refreshed]:
        wait_until_ended(server, each)
        assert dashboard.introspect_token(each.access_token) == {"active": False}
    audit = terrabyte.run(server.home, "audit", "--subject", "eve", "--json").stdout
    assert "authorization code replayed" in audit


@pytest.mark.parametrize(
    "changes", [
        {"code_verifier": 43 * "v"}, {"code_verifier": None}, {"redirect_uri": None},
        {"redirect_uri": "http://127.0.0.1:1/callback"},
    ], ids=lambda changes: f"{'other' if any(changes.values()) else 'no'} {next(iter(changes))}")
def test_code_is_for_who_asked_for_it(dashboard, code, changes):
    """Any attempt uses it up."""
    answer = code()
    with pytest.raises(InvalidGrant):
        dashboard.authorization_code(answer, validate=False, **changes)
    with pytest.raises(InvalidGrant):
        dashboard.authorization_code(answer)


def test_code_is_not_for_another_program(server, code):
    with pytest.raises(InvalidGrant):
        client(server, "terrapi").authorization_code(code(), validate=False)


def test_challenge_cannot_be_taken_away(dashboard, code):
    """From the request of a program that sends the verifier afterwards: RFC 9700, section 2.1.1."""
    answer = code(code_challenge=None, code_challenge_method=None)
    with pytest.raises(InvalidGrant):
        dashboard.authorization_code(answer)


def test_link_of_a_stranger_signs_nobody_out(server, dashboard, listener, person, code):
    """Nor does it lead anywhere else."""
    fay = person("fay")
    end_session = relying_party.discovery(server.issuer)["end_session_endpoint"]
    of_eve = str(dashboard.authorization_code(code()).id_token)
    header, _, signature = of_eve.split(".")
    claims = json.dumps(Jwt(of_eve).claims | {"sub": "fay"}).encode()
    forged = ".".join([header, base64.urlsafe_b64encode(claims).decode().rstrip("="), signature])
    for parameters in [
        {}, {"client_id": "dashboard", "post_logout_redirect_uri": listener.signed_out},
        {"id_token_hint": of_eve, "post_logout_redirect_uri": listener.signed_out}, {"id_token_hint": forged},
        {"id_token_hint": of_eve, "post_logout_redirect_uri": "https://evil.example/"},
    ]:
        fay.page.goto(f"{end_session}?{urllib.parse.urlencode(parameters)}")
        assert fay.heading() == "Sign out?"
    fay.check()
    assert listener.is_unvisited()
    fay.page.get_by_role("main").get_by_role("button", name="Sign out").click()
    fay.page.get_by_role("heading", name="You are signed out").wait_for()
    assert listener.is_unvisited()
