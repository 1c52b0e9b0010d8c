"""How much tests with random cases, kills or time do: `make test` a little, `make test-long` several times that."""

import os

# How many times as much as usual.
FACTOR = max(1, int(os.environ.get("TERRABYTE_TEST_FACTOR", "1")))


def count(usual):
    return usual * FACTOR


def seed(usual):
    """The usual seed, or another one, to repeat a failure or to look for one."""
    return int(os.environ.get("TERRABYTE_TEST_SEED", usual))
