"""JSON Schemas from a mirror instead of the network, for validators that download them."""

import contextlib
import email.message
import io
import pathlib
import urllib.error
import urllib.parse
import urllib.request
import urllib.response
from unittest import mock

import urllib3

HERE = ("127.0.0.1", "localhost")


class SchemaMirror:
    """A folder in which HOST/PATH holds what https://HOST/PATH answers.

    What is asked for in vain is remembered in `missing`.
    """

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.missing = set()

    def read(self, host, path):
        """None: there is no such file."""
        file = self.folder / host / urllib.parse.urlsplit(path).path.lstrip("/")
        if file.is_file():
            return file.read_bytes()
        self.missing.add(f"{host}{path}")
        return None

    @contextlib.contextmanager
    def instead_of_network(self):
        """What requests, urllib3 and urllib would fetch from elsewhere comes from the mirror, or is 404."""
        urlopen = urllib3.HTTPConnectionPool.urlopen

        def answer(pool, method, url, *arguments, **options):
            if pool.host in HERE:
                return urlopen(pool, method, url, *arguments, **options)
            text = self.read(pool.host, url)
            return urllib3.HTTPResponse(
                body=io.BytesIO(text or b"{}"), status=404 if text is None else 200,
                headers={"Content-Type": "application/json"}, preload_content=options.get("preload_content", True))

        class Handler(urllib.request.BaseHandler):
            handler_order = 100  # before those that open connections

            def http_open(handler, request):
                if request.host.partition(":")[0] in HERE:
                    return None
                text = self.read(request.host, request.selector)
                headers = email.message.Message()
                if text is None:
                    raise urllib.error.HTTPError(request.full_url, 404, "Not Found", headers, None)
                return urllib.response.addinfourl(io.BytesIO(text), headers, request.full_url, 200)

            https_open = http_open

        with (
            mock.patch.object(urllib3.HTTPConnectionPool, "urlopen", answer),
            mock.patch.object(urllib.request, "_opener", urllib.request.build_opener(Handler())),
        ):
            yield
