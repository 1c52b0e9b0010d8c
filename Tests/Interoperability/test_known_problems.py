"""The list of known problems in the documentation names tests that there are."""

import re

import terrabyte

PAGE = terrabyte.CHECKOUT / "docs/reference/known-problems.md"
SUITES = terrabyte.CHECKOUT / "Tests/Catalogue/STACServerTests/KnownProblems"


def rows():
    """Threads and tests by the table's rows."""
    for line in PAGE.read_text().splitlines():
        match = re.fullmatch(r"\| (.+?) \| .+ \| `(\w+)\.(\w+)` \|", line)
        if match:
            yield re.findall(r"[\w-]+#\d+", match[1]), match[2], match[3]


def test_every_named_test_exists():
    listed = set()
    for threads, suite, function in rows():
        source = (SUITES / f"{suite}.swift").read_text()
        # From the test's name to its function.
        match = re.search(rf'@Test\(((?:(?!@Test\().)*)\bfunc {function}\(', source, re.DOTALL)
        assert match, f"{suite}.{function}"
        for thread in threads:
            assert thread in match[1], f"{suite}.{function} does not say {thread}"
        listed.add((suite, function))
    written = {
        (file.stem, function) for file in SUITES.glob("*Tests.swift")
        for function in re.findall(r"@Test\((?:(?!@Test\().)*?\bfunc (\w+)\(", file.read_text(), re.DOTALL)
    }
    assert written == listed
