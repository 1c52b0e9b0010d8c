"""Where documents lie that tests read."""

import os
import pathlib

import terrabyte

# A few small ones, in the tree.
FIXTURES = terrabyte.CHECKOUT / "Tests/Fixtures"
# Why tests are skipped that need the others.
ABSENT = "shared data absent"


def shared():
    """Real ones that lie beside the checkout, too large to be copied into it; `None` where there are none."""
    configured = os.environ.get("TERRABYTE_SHARED_DATA")
    folder = pathlib.Path(configured) if configured else terrabyte.CHECKOUT.parent / "shared/data"
    return folder if folder.is_dir() else None
