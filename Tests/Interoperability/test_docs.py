"""What the documentation shows runs, and its pages hang together."""

import re
import subprocess

import pytest
import yaml

import documentation
import terrabyte
from page_run import PageRun, matches

PAGES = documentation.pages()
OUTSIDE = [terrabyte.CHECKOUT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Benchmarks/README.md")]


def run(page, folder, demo_home=None, server=None):
    blocks = documentation.blocks(page)
    if not blocks:
        return
    run = PageRun(folder, demo_home, server)
    try:
        for block in blocks:
            run.run(block)
    finally:
        run.stop()


@pytest.mark.alone
@pytest.mark.parametrize("page", PAGES, ids=documentation.name)
def test_page_runs(page, tmp_path, demo_home, request):
    run(page, tmp_path, demo_home, lambda: request.getfixturevalue("server"))


FINE = [
    "```console\n$ echo 17\n17\n```",
    "```console\n$ x=1\n```\n\nThen\n\n```console\n$ echo $x\n1\n```",
    "```console\n$ cat > a <<END\n> b\n> END\n$ echo c \\\n>   d\nc d\n```",
    "```console\n$ false\n$ echo $?\n1\n```",
    "```python\nx = 1\n```\n\n```python\nprint(x)\n```\n\n```text\n1\n```",
    '```json title="a/b.json"\n{}\n```\n\n```console\n$ cat a/b.json\n{}\n```',
    "<!-- not run: has no end -->\n\n```console\n$ yes\n```",
    "<!-- setup:\necho 17 > a\n-->\n\n```console\n$ cat a\n17\n```",
    "```console\n$ printf 'a: 1 of 2 Items\\n9 Items, 3/s, 43%%\\na: 2 Items\\n'\na: 2 Items\n```",
    "<!-- from: Makefile -->\n\n```make\n.DEFAULT_GOAL := help\n```",
]

WRONG = {
    "another output": "```console\n$ echo 17\n18\n```",
    "exit code 1": "```console\n$ false\n```",
    "exit code 2": "<!-- setup: exit_code() { return 2; }; exit_code -->",
    "ZeroDivisionError": "```python\n1 / 0\n```",
    "nothing runs 'yaml'": "```yaml\na: 1\n```",
    "nothing runs ''": "```\na\n```",
    "nothing runs 'text'": "```text\na\n```",
    "indented": "    $ echo 17",
    "no line begins": "```console\n```",
    "is not in Makefile": "<!-- from: Makefile -->\n\n```make\nno such line\n```",
    "belongs to no block": "<!-- not run: has no block -->\n\nText.",
    "Parser Error": "```sql\nSELEKT 1\n```",
}


@pytest.mark.parametrize("text", FINE)
def test_sound_page_passes(text, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(text)
    run(page, tmp_path)


@pytest.mark.parametrize("reason", WRONG)
def test_wrong_page_fails(reason, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(WRONG[reason])
    with pytest.raises(AssertionError, match=reason):
        run(page, tmp_path)


EXEMPTIONS = [block for page in PAGES for block in documentation.blocks(page) if block.exemption is not None]


@pytest.mark.parametrize("block", EXEMPTIONS, ids=lambda block: f"{block} ({block.exemption})")
def test_block_that_is_not_run_says_why(block):
    assert len(block.exemption.split()) >= 2


def test_every_page_is_in_the_navigation():
    def files(entry):
        if isinstance(entry, str):
            yield entry
        else:
            for child in entry.values() if isinstance(entry, dict) else entry:
                yield from files(child)

    docs = terrabyte.CHECKOUT / "docs"
    listed = list(files(yaml.safe_load((terrabyte.CHECKOUT / "mkdocs.yml").read_text())["nav"]))
    assert sorted(listed) == sorted(str(page.relative_to(docs)) for page in docs.rglob("*.md"))


@pytest.mark.parametrize("page", OUTSIDE, ids=documentation.name)
def test_links_of_pages_outside_the_site_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), target


IMAGES = terrabyte.CHECKOUT / "docs/explanation/images"


def test_the_path_of_a_request_names_files_that_there_are():
    """Paths stand below the folder that the frame around them names, or are whole."""
    folder, found = None, []
    for text in re.findall(r">([^<]+)</text>", (IMAGES / "search-request.svg").read_text()):
        if re.fullmatch(r"Sources/[\w/]+/", text):
            folder = terrabyte.CHECKOUT / text
        for path in re.findall(r"[\w/+]+\.swift", text):
            found.append(terrabyte.CHECKOUT / path if path.startswith("Sources/") else folder / path)
    assert len(found) > 10
    assert [str(path) for path in found if not path.exists()] == []


def test_the_picture_of_the_groups_is_that_of_today():
    subprocess.run([terrabyte.CHECKOUT / "Scripts/draw-groups", "--check"], check=True)


@pytest.mark.parametrize("shown, actual, is_same", [
    ("a b\n", "a b\n", True),
    ("a b", "a  b", False),
    ("10 (3/s) in 0:01", "10 (1,234/s) in 1:59", True),
    ("10 (3/s)", "11 (3/s)", False),
    ("3 ms", "17.5 ms", True),
    ("a\n…\nz", "a\nb\nc\nz", True),
    ("a\n…\nz", "a\nz", True),
    ("a\n…\nz", "a\nb", False),
    ("id …, done", "id 17, done", True),
    ("id …, done", "id 17, failed", False),
    ("2021-06-01T10:19:12Z", "2021-06-01T11:19:12Z", False),
])
def test_shown_output_is_compared(shown, actual, is_same):
    assert matches(shown, actual) == is_same
