"""The translations fit the terms of the module.

A translation whose placeholders or tags differ from the term's fails only when somebody
reads it, so each is compared here. The files are read by a small parser of our own.
"""

import ast
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

I18N = Path(__file__).parent.parent / "territory_planning" / "i18n"
POT = I18N / "territory_planning.pot"
FILES = sorted(I18N.glob("*.po"))

PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sd%]|\{\w*\}")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
# What a reader sees of a tag is translated with it.
SEEN = re.compile(
    r'\b(title|placeholder|alt|aria-label|help|string|confirm)="[^"]*"', re.IGNORECASE
)


@dataclass
class Entry:
    """One term: what is to be translated, its translation and its remarks."""

    texts: dict[str, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)

    @property
    def msgid(self) -> str:
        """The term."""
        return self.texts.get("msgid", "")

    @property
    def msgstr(self) -> str:
        """Its translation; empty: not translated yet."""
        return self.texts.get("msgstr", "")


def parse(text: str) -> list[Entry]:
    """Read the entries of a po file, without its header and what is obsolete."""
    entries = []
    for block in re.split(r"\n\s*\n", text):
        entry, keyword = Entry(), ""
        for line in block.splitlines():
            if line.startswith("#,"):
                entry.flags |= {flag.strip() for flag in line[2:].split(",")}
            elif line.startswith("#."):
                entry.remarks.append(line[2:].strip())
            elif line.startswith('"'):
                entry.texts[keyword] += ast.literal_eval(line)
            elif line.startswith("msg"):
                keyword, value = line.split(" ", 1)
                entry.texts[keyword] = ast.literal_eval(value)
        if entry.msgid:
            entries.append(entry)
    return entries


def placeholders(text: str) -> list[str]:
    """The placeholders of a text, in the order of the alphabet."""
    return sorted(PLACEHOLDER.findall(text))


def tags(text: str) -> list[str]:
    """The tags of a text, without what a reader sees of them."""
    return sorted(SEEN.sub(r'\1=""', tag) for tag in TAG.findall(text))


def edges(text: str) -> tuple[str, str]:
    """The white space a text begins and ends with."""
    return (
        text[: len(text) - len(text.lstrip())],
        text[len(text.rstrip()) :],
    )


@pytest.fixture(scope="module")
def terms() -> set[str]:
    """The terms of the module."""
    return {entry.msgid for entry in parse(POT.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.stem)
def entries(request: pytest.FixtureRequest) -> list[Entry]:
    """The entries of one language."""
    return parse(request.param.read_text(encoding="utf-8"))


def test_parser() -> None:
    """Lines that belong together are one text; flags and remarks are kept."""
    text = (
        'msgid ""\nmsgstr ""\n"Language: de\\n"\n\n'
        '#. odoo-python\n#, fuzzy\nmsgid ""\n"a \\"b\\"\\n"\n"%s"\nmsgstr "c %s"\n\n'
        '#~ msgid "gone"\n#~ msgstr "weg"\n'
    )
    (entry,) = parse(text)
    assert (entry.msgid, entry.msgstr) == ('a "b"\n%s', "c %s")
    assert (entry.flags, entry.remarks) == ({"fuzzy"}, ["odoo-python"])


def test_there_are_languages() -> None:
    """The comparison below looks at something."""
    assert FILES


def test_entries_are_terms(entries: list[Entry], terms: set[str]) -> None:
    """Nothing is translated that the module no longer says, and nothing twice."""
    found = [entry.msgid for entry in entries]
    assert not set(found) - terms
    assert len(found) == len(set(found))


def test_nothing_is_fuzzy(entries: list[Entry]) -> None:
    """Odoo leaves fuzzy entries out without a word."""
    assert not [entry.msgid for entry in entries if "fuzzy" in entry.flags]


@pytest.mark.parametrize("part", [placeholders, tags, edges])
def test_same_parts(entries: list[Entry], part) -> None:
    """Placeholders, tags and outer white space are those of the term."""
    wrong = [
        (entry.msgid, entry.msgstr)
        for entry in entries
        if entry.msgstr and part(entry.msgid) != part(entry.msgstr)
    ]
    assert not wrong


def test_python_can_fill_in(entries: list[Entry]) -> None:
    """A lone percent sign beside a placeholder breaks the message in Python."""
    wrong = []
    for entry in entries:
        named = "%(" in entry.msgid
        if "odoo-python" not in entry.remarks or not entry.msgstr:
            continue
        if not named and "%s" not in entry.msgid:
            continue
        values = defaultdict(str) if named else ("",) * entry.msgid.count("%s")
        try:
            entry.msgstr % values
        except (TypeError, ValueError):
            wrong.append((entry.msgid, entry.msgstr))
    assert not wrong
