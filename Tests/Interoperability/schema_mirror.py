"""JSON Schemas from a mirror instead of the network, for validators that download them."""

import contextlib
import email.message
import io
import pathlib
import re
import urllib.error
import urllib.parse
import urllib.request
import urllib.response
from unittest import mock

import pystac
import urllib3

import folders

HERE = ("127.0.0.1", "localhost")


# Where pystac keeps the schemas of the latest version, by their addresses.
PYSTAC = {
    r"schemas\.stacspec\.org/v([\d.]+)/\w+-spec/json-schema/(\w[\w-]*\.json)": r"stac-spec/v\1/\2",
    r"geojson\.org/schema/(\w+\.json)": r"geojson/\1",
}


class SchemaMirror:
    """A folder in which HOST/PATH holds the response of https://HOST/PATH.

    What is asked for in vain is remembered in `missing`.
    """

    def __init__(self, folder, packaged=None):
        """- packaged: the folder of pystac's own schemas, in which is looked, too."""
        self.folder = pathlib.Path(folder)
        self.packaged = packaged
        self.missing = set()

    @classmethod
    def published(cls):
        """All schemas there are; `None` where they are not."""
        folder = folders.shared()
        return cls(folder / "stac/schemas") if folder else None

    @classmethod
    def bundled(cls):
        """The core's schemas of pystac, and fixtures for those of extensions."""
        return cls(folders.FIXTURES / "stac/schemas", pathlib.Path(pystac.__file__).parent / "validation/jsonschemas")

    def file(self, host, path):
        """None: there is no such file."""
        address = host + urllib.parse.urlsplit(path).path
        files = [self.folder / address]
        for pattern, place in PYSTAC.items() if self.packaged else ():
            if match := re.fullmatch(pattern, address):
                files.append(self.packaged / match.expand(place))
        return next((file for file in files if file.is_file()), None)

    def read(self, host, path):
        """None: there is no such file."""
        file = self.file(host, path)
        if file is None:
            self.missing.add(f"{host}{path}")
            return None
        return file.read_bytes()

    @contextlib.contextmanager
    def instead_of_network(self):
        """What requests, urllib3 and urllib would fetch from elsewhere comes from the mirror, or is 404."""
        urlopen = urllib3.HTTPConnectionPool.urlopen

        def respond(pool, method, url, *arguments, **options):
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
            mock.patch.object(urllib3.HTTPConnectionPool, "urlopen", respond),
            mock.patch.object(urllib.request, "_opener", urllib.request.build_opener(Handler())),
        ):
            yield
