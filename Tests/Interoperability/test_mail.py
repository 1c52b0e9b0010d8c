"""Mail that is handed to a real server of other people, aiosmtpd, with TLS and a password."""

import email
import email.policy
import re
import ssl
import subprocess
import threading

import aiosmtpd.controller
import aiosmtpd.smtp
import pytest
import requests

import identity
import terrabyte


class Mailbox:
    """Keeps what comes."""

    def __init__(self):
        self.messages = []
        self.arrived = threading.Condition()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 There is nobody"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        with self.arrived:
            self.messages.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default)))
            self.arrived.notify_all()
        return "250 OK"

    def wait(self, count):
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.messages) >= count, timeout=60)
        return self.messages


def authenticate(server, session, envelope, mechanism, data):
    return aiosmtpd.smtp.AuthResult(success=(data.login, data.password) == (b"terrabyte", b"a password"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "key.pem", "-out",
         folder / "cert.pem", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True)
    return folder


@pytest.fixture
def mailbox(certificate):
    """A mailbox behind a server that wants TLS and a password."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    mailbox = Mailbox()
    controller = aiosmtpd.controller.Controller(
        mailbox, hostname="localhost", port=terrabyte.free_port(), tls_context=context, require_starttls=True,
        authenticator=authenticate, auth_required=True)
    controller.start()
    mailbox.port = controller.port
    yield mailbox
    controller.stop()


def settings(mailbox, certificate):
    return {
        "MAIL_SERVER": f"smtp://localhost:{mailbox.port}", "MAIL_SENDER": "terrabyte@example.org",
        "MAIL_USER": "terrabyte", "MAIL_PASSWORD": "a password", "MAIL_AUTHORITY_FILE": certificate / "cert.pem",
    }


def invite(server, token, address):
    return requests.post(
        f"{server.root}/api/admin/invitations", headers=identity.bearer(token), timeout=60,
        json={"email": address, "project": "Fields für alle", "end": "2099-01-01"})


def test_partners_are_invited_by_mail(tmp_path, mailbox, certificate):
    identity.prepare(tmp_path, "ada", roles={"ada": ["administrator"]})
    token = identity.token(tmp_path, "ada", "administration")
    with identity.serve(tmp_path, settings(mailbox, certificate)) as server:
        invited = invite(server, token, "zoe@example.org")
        # The link is for the partner alone.
        assert (invited.status_code, invited.json()) == (201, {"sent": True})
        [(recipients, message)] = mailbox.wait(1)
        assert recipients == ["zoe@example.org"]
        assert (message["From"], message["To"]) == ("terrabyte@example.org", "zoe@example.org")
        assert "Fields für alle" in message.get_content()
        link = re.search(r"http\S+/auth/invitation\?token=\w+", message.get_content())[0]
        page = requests.get(link.replace("localhost", "127.0.0.1"), timeout=30)
        assert page.status_code == 200 and "Fields für alle" in page.text

        refused = invite(server, token, "nobody@example.org")
        assert refused.status_code == 201
        assert refused.json()["sent"] is False and "/auth/invitation?token=" in refused.json()["link"]


def test_people_get_a_link_to_set_their_password(tmp_path, mailbox, certificate):
    identity.prepare(tmp_path, "ada", roles={"ada": ["administrator"]})
    token = identity.token(tmp_path, "ada", "administration")
    with identity.serve(tmp_path, settings(mailbox, certificate)) as server:
        account = {"name": "bob", "email": "bob@example.org"}
        added = requests.post(
            f"{server.root}/api/admin/accounts", headers=identity.bearer(token), json=account, timeout=60)
        assert (added.status_code, added.json()["passwordReset"]) == (201, {"sent": True}), added.text
        [(_, message)] = mailbox.wait(1)
        assert "/auth/password?token=" in message.get_content()


def test_nothing_is_sent_without_tls_or_to_a_stranger(tmp_path, mailbox, certificate):
    """The system's authorities do not know the certificate."""
    identity.prepare(tmp_path, "ada", roles={"ada": ["administrator"]})
    token = identity.token(tmp_path, "ada", "administration")
    strange = settings(mailbox, certificate)
    del strange["MAIL_AUTHORITY_FILE"]
    with identity.serve(tmp_path, strange) as server:
        invited = invite(server, token, "zoe@example.org")
        assert invited.json()["sent"] is False and "link" in invited.json()
    assert mailbox.messages == []
    assert not any("a password" in line for line in server.log)


def test_people_are_warned_before_their_account_ends(tmp_path, mailbox, certificate):
    identity.prepare(tmp_path, "ada", "bob")
    for name in ["eve", "dan"]:
        terrabyte.run(
            tmp_path, "users", "add", name, "--email", f"{name}@example.org", input=identity.PASSWORD + "\n")
    day = subprocess.run(["date", "-u", "-d", "10 days", "+%Y-%m-%d"], capture_output=True, text=True).stdout.strip()
    terrabyte.run(tmp_path, "users", "set-end", "eve", day)
    for _ in range(2):
        with identity.serve(tmp_path, settings(mailbox, certificate)):
            [(recipients, message)] = mailbox.wait(1)
    assert recipients == ["eve@example.org"]
    assert day in message["Subject"]
