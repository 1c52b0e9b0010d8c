"""A relying party: the client of requests-oauth2client, and the web server that browsers return to."""

import http.server
import queue
import threading

import requests
from jwskate import Jwk, JwkSet, Jwt
from requests_oauth2client import OAuth2Client


def discovery(issuer):
    response = requests.get(discovery_url(issuer), timeout=30)
    response.raise_for_status()
    return response.json()


def discovery_url(issuer):
    return issuer + "/.well-known/openid-configuration"


def client(issuer, client_id, client_secret=None, **options):
    # The library does not look for this one itself.
    device = discovery(issuer)["device_authorization_endpoint"]
    # It takes addresses of this machine for tests only.
    return OAuth2Client.from_discovery_endpoint(
        url=discovery_url(issuer), issuer=issuer, client_id=client_id, client_secret=client_secret, testing=True,
        device_authorization_endpoint=device, **options)


def verified(client, token, audience, algorithm):
    """The claims of a token whose signature is that of a published key."""
    keys = JwkSet(requests.get(client.jwks_uri, timeout=30).json())
    jwt = Jwt(str(token))
    key = next(key for key in keys.jwks if key["kid"] == jwt.headers["kid"])
    assert key["alg"] == jwt.headers["alg"] == algorithm
    jwt.validate(Jwk(key), issuer=client.issuer, audience=audience, algs=[algorithm])
    return jwt.headers, jwt.claims


def changed(request, changes):
    """The address of an authorization request with other parameters; those that are None are left out."""
    address = request.furl.copy()
    for name, value in changes.items():
        address.args.pop(name, None)
        if value is not None:
            address.args[name] = value
    return address.url


class Listener:
    """A web server of this machine, which keeps the addresses that browsers are sent to."""

    PATHS = ["/callback", "/signed-out"]
    PAGE = b'<!DOCTYPE html><html lang="en"><title>terrabyte</title><main><h1>Back at the program</h1></main>'

    def __init__(self):
        self.addresses = queue.SimpleQueue()
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                # Browsers ask for an icon, too.
                if self.path.partition("?")[0] in listener.PATHS:
                    listener.addresses.put(listener.root + self.path)
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(listener.PAGE)))
                self.end_headers()
                self.wfile.write(listener.PAGE)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{self.server.server_port}"
        self.callback, self.signed_out = (self.root + path for path in self.PATHS)

    def address(self):
        """The next one that a browser was sent to, once it has come."""
        return self.addresses.get(timeout=30)

    def is_unvisited(self):
        return self.addresses.empty()

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.server.shutdown()
        self.server.server_close()
