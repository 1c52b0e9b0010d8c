"""Pages of the documentation, as the blocks of code in them.

What is shown has to run. A comment before a block says what else it is:

    <!-- not run: REASON -->   nothing runs it
    <!-- from: FILE -->        part of a file of this checkout, which is built or run elsewhere
    <!-- setup: COMMANDS -->   commands that readers need not see, without a block
"""

import dataclasses
import pathlib
import re

from markdown_it import MarkdownIt

import terrabyte

# Whose output may be shown in a block "text" right behind.
WITH_OUTPUT = ("python", "sql")


@dataclasses.dataclass
class Block:
    page: pathlib.Path
    line: int
    language: str
    text: str
    # The file that it is to be written to.
    title: str | None = None
    output: str | None = None
    # Why it is not run.
    exemption: str | None = None
    # Where it comes from.
    source: str | None = None

    def __str__(self):
        return f"{name(self.page)}:{self.line}"


def name(page):
    return str(page.relative_to(terrabyte.CHECKOUT)) if page.is_relative_to(terrabyte.CHECKOUT) else str(page)


def pages():
    return [terrabyte.CHECKOUT / "README.md", *sorted((terrabyte.CHECKOUT / "docs").rglob("*.md"))]


def blocks(page):
    """The blocks of a page in their order."""
    found = []
    comment = None
    previous = None
    for token in MarkdownIt("commonmark").enable("table").parse(page.read_text()):
        line = token.map[0] + 1 if token.map else None
        if comment and token.type != "fence":
            raise AssertionError(f"{page}:{line}: the comment before this belongs to no block")
        if token.type == "html_block":
            comment = re.fullmatch(r"<!-- (not run|from|setup):\s+(.+?)\s*-->", token.content.strip(), re.DOTALL)
            if comment and comment[1] == "setup":
                found.append(Block(page, line, "setup", comment[2]))
                comment = None
        elif token.type == "code_block":
            raise AssertionError(f"{page}:{line}: an indented block cannot say its language; use a fence")
        elif token.type == "fence":
            language, _, title = token.info.strip().partition(" ")
            title = re.fullmatch(r'title="(.+)"', title)
            if language == "text" and previous and previous.language in WITH_OUTPUT and not comment:
                previous.output = token.content
                continue
            previous = Block(page, line, language, token.content, title[1] if title else None)
            if comment:
                setattr(previous, {"not run": "exemption", "from": "source"}[comment[1]], comment[2])
                comment = None
            found.append(previous)
            continue
        previous = None
    return found


if __name__ == "__main__":
    for page in pages():
        for block in blocks(page):
            if block.exemption:
                print(f"{block}: {block.exemption}")
