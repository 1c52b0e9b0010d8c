"""The pages of the OpenID provider in a browser: narrow and wide, light and dark, with scripts and without."""

import json
import re
import urllib.parse

import pyotp
import pytest
import requests

import terrabyte
from browsers import PASSWORD, Person, chromium

NARROW = {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"}
WIDE = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"}
WITHOUT_SCRIPTS = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "java_script_enabled": False}
CLIENT = "de.lrz.terrabyte.stac"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("pages") / "home"
    home.mkdir()
    for name in ["ada", "bob", "cleo", "dan", "eve", "fay"]:
        terrabyte.run(home, "users", "add", name, "--full-name", f"{name.title()} Example", input=PASSWORD + "\n")
    terrabyte.run(home, "containers", "add", "c1", "--title", "Fields")
    terrabyte.run(home, "containers", "add-member", "c1", "ada", "--level", "ro")
    return home


@pytest.fixture(scope="module")
def server(home):
    terms = home / "terms.txt"
    terms.write_text("# Purpose\n\nUse it for research.\n")
    settings = {"AUTH_TERMS": terms, "AUTH_TERMS_VERSION": "7", "LOG_LEVEL": "info"}
    with terrabyte.Server(home, settings, ["--create", "--services", "stac,auth"]) as server:
        # The name that browsers take for secure, and that passkeys are bound to.
        server.root = server.root.replace("127.0.0.1", "localhost")
        yield server


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def person(browser, server):
    people = []

    def person(**options):
        people.append(Person(browser, server.root, **options))
        return people[-1]

    yield person
    for each in people:
        each.context.close()


def accept_terms(person):
    assert person.heading() == "Terms of use"
    person.page.locator("#terms").check()
    person.press("Accept")


def device_codes(server):
    # Of RFC 7636, appendix B.
    challenge = {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}
    response = requests.post(
        f"{server.root}/auth/device_authorization",
        data={"client_id": CLIENT, "scope": "openid collections:read", **challenge}, timeout=60)
    response.raise_for_status()
    return response.json()


@pytest.mark.parametrize(
    "name, options", [("ada", NARROW), ("bob", WIDE), ("cleo", WITHOUT_SCRIPTS)], ids=["narrow", "wide", "without scripts"])
def test_first_sign_in_of_a_device(server, person, name, options):
    """Password, second factor, recovery codes, terms, and the code to compare; then once more, with a recovery code."""
    codes = device_codes(server)
    somebody = person(**options)
    path = urllib.parse.urlsplit(codes["verification_uri_complete"])
    somebody.open(f"{path.path}?{path.query}")
    assert somebody.heading() == "Sign in"
    somebody.password(name, "wrong horse battery")
    assert somebody.page.title().startswith("Error: ")
    assert somebody.page.get_by_role("alert").inner_text().endswith("The user name or the password is wrong.")
    somebody.password(name)
    assert somebody.heading() == "Set up your second factor"
    recovery_codes = somebody.enrol()
    assert len(set(recovery_codes)) == 10
    accept_terms(somebody)
    assert somebody.heading() == "Is this your program?"
    assert codes["user_code"] in somebody.page.locator(".compare").inner_text()
    assert "127.0.0.1" in somebody.page.inner_text("dl") and "python-requests" in somebody.page.inner_text("dl")
    somebody.press("Approve")
    assert somebody.heading() == "You are signed in"
    tokens = requests.post(
        f"{server.root}/auth/token",
        data={
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": CLIENT,
            "device_code": codes["device_code"], "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        }, timeout=60)
    assert tokens.status_code == 200, tokens.text

    somebody.open("/auth/account")
    assert "terrapi" in somebody.page.inner_text("main")
    somebody.press("Sign out")
    assert somebody.heading() == "You are signed out"
    somebody.open("/auth/login")
    somebody.password(name)
    assert somebody.heading() == "Second factor"
    somebody.page.get_by_text("I cannot use my second factor").click()
    somebody.fill(recovery=recovery_codes[0].upper())
    somebody.press("Use a recovery code")
    assert somebody.heading() == "Your account"
    assert "9 left" in somebody.page.inner_text("main")


def test_passkey_as_second_factor_and_alone(person):
    dan = person(**WIDE)
    session, authenticator = dan.add_authenticator()
    dan.open("/auth/login")
    dan.password("dan")
    dan.fill(label="Dan's key")
    dan.press("Add a passkey", check=False)
    dan.page.wait_for_selector(".codes")
    dan.check()
    dan.page.locator("#kept").check()
    dan.press("Continue")
    accept_terms(dan)
    assert "Dan's key" in dan.page.inner_text("main")
    # With the password.
    dan.context.clear_cookies()
    dan.open("/auth/login")
    dan.password("dan")
    dan.press("Use a passkey", check=False)
    dan.page.wait_for_url("**/auth/account")
    # And without: nothing but the passkey is asked for.
    dan.context.clear_cookies()
    dan.open("/auth/device")
    dan.press("Sign in with a passkey", check=False)
    dan.page.wait_for_url("**/auth/device")
    dan.check()
    assert dan.heading() == "Sign in a program"
    credential = session.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"][0]
    assert credential["rpId"] == "localhost" and credential["signCount"] >= 2
    # Somebody who does not verify that it is Dan is asked for more.
    session.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    dan.context.clear_cookies()
    dan.open("/auth/login")
    dan.press("Sign in with a passkey", check=False)
    dan.page.get_by_text("No passkey was used.").wait_for()


def test_account(person, server):
    eve = person(**NARROW)
    eve.open("/auth/account")
    eve.password("eve")
    eve.enrol()
    accept_terms(eve)
    main = eve.page.locator("main")
    eve.page.get_by_text("Make a token").click()
    eve.press("Make the token", check=False)
    # The browser itself wants the label.
    assert eve.page.evaluate("document.activeElement.id") == "token-label"
    eve.fill(token_label="jobs")
    eve.press("Make the token")
    assert eve.page.get_by_role("alert").inner_text().endswith("Choose what the token may do.")
    eve.page.get_by_label("Read your own and shared collections").check()
    eve.press("Make the token")
    assert eve.page.locator(".secret").inner_text().startswith("terrabyte_")
    eve.page.get_by_role("button", name="Revoke").click()
    assert "The token is revoked." in main.inner_text()
    eve.page.get_by_text("Change the password").click()
    eve.fill(current="wrong horse battery", new="battery staple")
    eve.press("Change")
    assert "The current password is wrong." in main.inner_text()
    eve.fill(current=PASSWORD, new="battery staple")
    eve.press("Change")
    assert "Your password is changed." in main.inner_text()
    eve.page.emulate_media(color_scheme="dark")
    eve.check()
    eve.press("Sign out")
    eve.open("/auth/login")
    eve.password("eve", "battery staple")
    assert eve.heading() == "Second factor"


def test_invitation_makes_an_account_and_leaves_no_trace(person, server, home):
    token = terrabyte.run(
        home, "users", "invite", "zoe@example.org", "--sponsor", "ada", "--project", "fields", "--end", "2099-01-01"
    ).stdout.split()[-1]
    token = token.rsplit("token=", 1)[-1]
    zoe = person(**WIDE)
    referrers = []
    zoe.page.on("request", lambda request: referrers.append(request.headers.get("referer")))
    zoe.open(f"/auth/invitation?token={token}")
    assert "Ada Example invites you" in zoe.page.inner_text("main")
    code = pyotp.TOTP(zoe.secret()).now()
    zoe.fill(username="zoe", name="Zoe", password=PASSWORD, code=code)
    zoe.page.locator("#terms").check()
    zoe.press("Make my account")
    assert zoe.heading() == "Keep your recovery codes"
    zoe.page.locator("#kept").check()
    zoe.press("Continue")
    assert "zoe@example.org" in zoe.page.inner_text("main")
    zoe.open(f"/auth/invitation?token={token}")
    assert zoe.heading() == "This invitation cannot be used"
    assert not any(referrers)
    requests_logged = [json.loads(line) for line in server.log if "/auth/invitation" in line]
    assert requests_logged
    assert token not in "".join(server.log)


def test_code_goes_to_the_client_after_the_form(person):
    """The redirects that follow the form lead to the client: the page's policy names its origin."""
    fay = person(**NARROW)
    seen = []

    def respond(route):
        seen.append(route.request.url)
        route.fulfill(body="<title>terrabyte</title>Signed in", content_type="text/html")

    fay.page.route(re.compile(r"^http://127\.0\.0\.1:9/"), respond)
    query = urllib.parse.urlencode({
        "response_type": "code", "client_id": "terrapi", "redirect_uri": "http://127.0.0.1:9/callback", "scope": "openid",
        "state": "s", "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256",
        "login_hint": "fay",
    })
    fay.open(f"/auth/authorize?{query}")
    assert fay.page.locator("#username").input_value() == "fay"
    fay.fill(password=PASSWORD)
    fay.press("Continue")
    fay.enrol()
    fay.page.locator("#terms").check()
    fay.press("Accept", check=False)
    fay.page.get_by_text("Signed in").wait_for()
    answer = urllib.parse.parse_qs(urllib.parse.urlsplit(seen[-1]).query)
    assert answer["code"] and answer["state"] == ["s"]
    assert fay.messages == []


def test_requests_that_no_client_has_made_lead_nowhere(person):
    somebody = person(**NARROW)
    somebody.open("/auth/authorize?client_id=terrapi&redirect_uri=https://evil.example/")
    assert somebody.heading() == "The program's request cannot be used"


@pytest.mark.parametrize("options", [NARROW, WIDE, WITHOUT_SCRIPTS], ids=["narrow", "wide", "without scripts"])
def test_a_password_is_set_by_a_link(home, server, person, options):
    terrabyte.run(home, "users", "add", "gus", input=PASSWORD + "\n", check=False)
    link = urllib.parse.urlsplit(terrabyte.run(home, "users", "reset-password", "gus", "--link").stdout.strip())
    somebody = person(**options)
    somebody.open(f"{link.path}?{link.query}")
    assert somebody.heading() == "Set your password" and "gus" in somebody.page.inner_text("main")
    somebody.fill(password="short")
    somebody.press("Set password")
    assert somebody.page.title().startswith("Error: ")
    somebody.fill(password="battery staple")
    somebody.press("Set password")
    assert somebody.heading() == "Your password is set"
    somebody.open("/auth/login")
    somebody.password("gus", "battery staple")
    assert somebody.heading() == "Set up your second factor"
    somebody.open(f"{link.path}?{link.query}")
    assert somebody.heading() == "This link cannot be used"
