"""PostgreSQL over TLS: the certificate is checked as the URL says."""

import json
import os
import pathlib
import shutil
import subprocess
import urllib.parse

import pytest

import postgresql
import terrabyte


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def authority(folder, name):
    """A certificate authority's key and certificate."""
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", 2, "-subj", f"/CN={name}", "-keyout", key, "-out", certificate)
    return key, certificate


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("tls") / "home"


@pytest.fixture(scope="module")
def encrypted(home, tmp_path_factory):
    """A database behind TLS, for the name localhost: its address, the authority's certificate, and that of another one."""
    if shutil.which("openssl") is None:
        pytest.skip("There is no openssl.")
    folder = tmp_path_factory.mktemp("tls")
    key, trusted = authority(folder, "trusted")
    _, other = authority(folder, "other")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", folder / "server.key", "-out", folder / "server.csr")
    (folder / "names").write_text("subjectAltName=DNS:localhost\n")
    openssl("x509", "-req", "-days", 2, "-in", folder / "server.csr", "-CA", trusted, "-CAkey", key, "-CAcreateserial",
            "-extfile", folder / "names", "-out", folder / "server.crt")
    with postgresql.server() as url:
        parts = urllib.parse.urlsplit(url)
        place = pathlib.Path(postgresql.folder_of(url))
        owner = (place / "data").stat()
        for name in ["server.key", "server.crt"]:
            shutil.copy(folder / name, place / "data" / name)
            os.chown(place / "data" / name, owner.st_uid, owner.st_gid)
            (place / "data" / name).chmod(0o600)
        port = terrabyte.free_port()
        (place / "data/pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 trust\nlocal all all trust\n")
        collection = {
            "type": "Collection", "stac_version": "1.1.0", "id": "encrypted", "description": "A Collection.", "license": "other",
            "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [[None, None]]}}, "links": []}
        terrabyte.run(home, "collections", "put", "-", "--database", url, input=json.dumps(collection))
        postgresql.restart(url, "fast", f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={place} -c ssl=on")
        yield f"{{host}}:{port}{parts.path}", parts.username, trusted, other


@pytest.mark.parametrize("mode, host, authority, message", [
    ("verify-full", "localhost", "trusted", None),
    ("verify-ca", "127.0.0.1", "trusted", None),
    ("require", "127.0.0.1", None, None),
    ("verify-full", "127.0.0.1", "trusted", "does not match host name"),
    ("verify-full", "localhost", "other", "certificate verify failed"),
    ("verify-full", "localhost", None, "root certificate file"),
    ("disable", "localhost", None, "no encryption"),
])
def test_certificates(encrypted, home, mode, host, authority, message):
    address, user, trusted, other = encrypted
    url = f"postgresql://{user}:s3cret@{address.format(host=host)}?sslmode={mode}"
    if authority:
        url += f"&sslrootcert={trusted if authority == 'trusted' else other}"
    result = terrabyte.run(home, "collections", "list", "--database", url, check=False)
    assert "s3cret" not in result.stdout + result.stderr
    if message is None:
        assert result.returncode == 0 and "encrypted" in result.stdout, result.stderr
    else:
        assert result.returncode == 1 and message in result.stderr and result.stderr.count("\n") == 1, result.stderr
