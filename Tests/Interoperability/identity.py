"""A platform with accounts, for tests: its commands, a server, and the tokens of its people."""

import terrabyte

PASSWORD = "correct horse battery"
SERVICES = "catalogue,stac,private-stac,auth,administration"


def prepare(home, *accounts, roles={}, options=()):
    """Makes accounts with the password PASSWORD.

    options: of the commands, such as --database.
    """
    for name in accounts:
        role = [f"--role={role}" for role in roles.get(name, [])]
        terrabyte.run(home, "users", "add", name, *role, *options, input=PASSWORD + "\n")


def token(home, name, *scopes, options=()):
    """An API token."""
    arguments = [f"--scope={scope}" for scope in scopes]
    return terrabyte.run(home, "tokens", "make", name, *arguments, *options).stdout.strip()


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def serve(home, settings=None, services=SERVICES, options=()):
    return terrabyte.Server(home, settings, arguments=["--create", "--services", services, *options])
