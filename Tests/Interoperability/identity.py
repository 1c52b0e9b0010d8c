"""A platform with accounts, for tests: its commands, a server, and the tokens of its people."""

import terrabyte

PASSWORD = "correct horse battery"
SERVICES = "catalogue,stac,private-stac,auth,administration"


def prepare(home, *accounts, roles={}):
    """Makes accounts with the password PASSWORD."""
    for name in accounts:
        role = [f"--role={role}" for role in roles.get(name, [])]
        terrabyte.run(home, "users", "add", name, *role, input=PASSWORD + "\n")


def token(home, name, *scopes):
    """An API token."""
    return terrabyte.run(home, "tokens", "make", name, *[f"--scope={scope}" for scope in scopes]).stdout.strip()


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def serve(home, settings=None, services=SERVICES):
    return terrabyte.Server(home, settings, arguments=["--create", "--services", services])
