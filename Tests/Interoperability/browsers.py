"""A headless Chromium, and people who sign in with it."""

import contextlib
import pathlib
import shutil

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

PASSWORD = "correct horse battery"
# Where Debian's package, and others, have it.
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"


@contextlib.contextmanager
def chromium():
    if not pathlib.Path(CHROMIUM).exists():
        pytest.skip("There is no Chromium: Scripts/setup browser installs it.")
    with sync_playwright() as playwright:
        # Where tests run as root, the sandbox refuses to.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


class Person:
    """Somebody at a browser of their own, who looks at each page that comes."""

    axe = Axe()

    def __init__(self, browser, root, **options):
        self.root = root
        self.scripts = options.get("java_script_enabled", True)
        self.context = browser.new_context(**options)
        # As long as a busy machine takes.
        self.context.set_default_timeout(60_000)
        self.page = self.context.new_page()
        self.messages = []
        # What the policy refuses is an error of the console; so is a page with a status of errors, which is meant so.
        self.page.on(
            "console", lambda message: "responded with a status" in message.text or self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.totp = None

    def open(self, path):
        self.page.goto(self.root + path)
        self.check()

    def check(self):
        """Nothing on the page is out of reach for anybody, nothing wider than the window, nothing failed."""
        page = self.page
        assert "terrabyte" in page.title()
        if self.scripts:
            found = self.axe.run(page).response["violations"]
            assert not found, [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]
            width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert width == 0, f"{page.url} is {width} px too wide"
        # HTML that has become text.
        assert "</" not in page.inner_text("body")
        assert self.messages == []

    def press(self, name, check=True):
        button = self.page.get_by_role("button", name=name, exact=True)
        if not check:
            button.click()
            return
        # Of a page that has not come whole, there may be no title yet.
        with self.page.expect_navigation():
            button.click()
        self.check()

    def fill(self, **fields):
        for name, value in fields.items():
            self.page.locator(f"#{name.replace('_', '-')}").fill(value)

    def heading(self):
        return self.page.locator("h1").inner_text()

    def password(self, name, password=PASSWORD):
        self.fill(username=name, password=password)
        self.press("Continue")

    def code(self):
        """One that was not used before: each is accepted once."""
        return self.totp.now()

    def enrol(self):
        """Sets up the app that the page shows, and keeps the recovery codes."""
        self.totp = pyotp.TOTP(self.secret())
        self.fill(code=self.code())
        self.press("Confirm")
        codes = self.page.locator(".codes li").all_inner_texts()
        self.page.locator("#kept").check()
        self.press("Continue")
        return codes

    def secret(self):
        self.page.get_by_text("I cannot scan the code").click()
        return self.page.locator(".secret").inner_text().replace(" ", "")

    def add_authenticator(self, verifies=True):
        """One that answers at once, and keeps passkeys."""
        session = self.context.new_cdp_session(self.page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": verifies,
            "isUserVerified": verifies, "automaticPresenceSimulation": True,
        }
        return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
