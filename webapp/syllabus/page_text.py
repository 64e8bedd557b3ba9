"""A pasted text as lines and parts under headings; markup that was pasted along is taken off."""

import csv
import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files

MOST_SIGNS = 60_000
"""Longer pastes are cut: no syllabus is longer, and what describes the course stands at the beginning."""
_MOST_HEADING = 60
_LOOKS_LIKE_MARKUP = re.compile(
    r"</?(?:p|div|br|h[1-6]|li|ul|ol|table|tr|td|span|body|html|script|style|a|b)\b[^<>]{0,500}>", re.I
)
_SKIPPED = frozenset({"script", "style", "template", "noscript", "head", "svg", "select", "textarea"})
_OWN_LINE = frozenset(
    [
        "p",
        "div",
        "br",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "table",
        "tr",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "dt",
        "dd",
        "dl",
        "blockquote",
    ]
)
_BULLET = re.compile(
    r"^\s*(?:[-–—•*·▪◦‣●○■□➢✓・･※]|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)](?=\s)|[(（]\d{1,2}[)）]|[①-⑳]|\d{1,2}[．、.])\s*"
)
_NUMBER_BEFORE = re.compile(
    r"^(?:[§#]+\s*|(?:\d{1,2}|[ivx]{1,4})[.)．]\s*|[一二三四五六七八九十]、|[■◆●【\[〔])\s*", re.I
)
_COLON = re.compile(r"\s*[:：]\s*|\s*[】\]〕]\s*|\t+\s*|\s+[–—|]\s+")


class _Words(HTMLParser):
    """Collects the text of markup, one line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line at a block, leave out what nobody reads."""
        if tag in _SKIPPED:
            self.skipping += 1
        if tag == "li":
            self.parts.append("\n• ")
        elif tag in _OWN_LINE:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append("\t")

    def handle_endtag(self, tag: str) -> None:
        """End the line of a block."""
        if tag in _SKIPPED:
            self.skipping = max(0, self.skipping - 1)
        if tag in _OWN_LINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep what is read; line ends of the source mean nothing."""
        if not self.skipping:
            self.parts.append(re.sub(r"\s+", " ", data))


def plain_text(pasted: str) -> str:
    """Return the text of a paste: without markup, control characters and more than `MOST_SIGNS` characters."""
    text = pasted[:MOST_SIGNS].replace("\r\n", "\n").replace("\r", "\n")
    if len(_LOOKS_LIKE_MARKUP.findall(text)) > 1:
        reader = _Words()
        reader.feed(text)
        reader.close()
        text = "".join(reader.parts)
    text = unicodedata.normalize("NFC", html.unescape(text)).replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(
        sign if sign in "\n\t" else " " if unicodedata.category(sign) in ("Zs", "Cc") else sign
        for sign in text
        if unicodedata.category(sign) not in ("Cs", "Co", "Cf") or sign in "\u200c\u200d"
    )


@dataclass(frozen=True)
class Line:
    """A line that is not empty.

    Parameters
    ----------
    text
        Without spaces around and without its bullet.
    is_item
        Whether it had a bullet or number.
    after_gap
        Whether an empty line stands before it.
    """

    text: str
    is_item: bool
    after_gap: bool


@dataclass(frozen=True)
class Part:
    """What stands under one heading.

    Parameters
    ----------
    kind
        ``title``, ``description``, ``outcomes``, ``level``, ``language``, ``other``; empty before the first heading
        and under headings nobody knows.
    heading
        As it stands in the text.
    lines
        What stands under or behind it.
    """

    kind: str
    heading: str
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """All lines of it as one text."""
        return "\n".join(line.text for line in self.lines)


def lines_of(text: str) -> list[Line]:
    """Cut a plain text into its lines."""
    found: list[Line] = []
    gap = False
    for raw in text.split("\n"):
        kept = re.sub(r"[ \u00a0\u3000]+", " ", raw).strip()
        if not any(map(str.isalnum, kept)):
            gap = True
            continue
        bare = _BULLET.sub("", kept, count=1)
        is_item = bare != kept and any(map(str.isalnum, bare))
        found.append(Line(bare if is_item else kept, is_item, gap))
        gap = False
    return found


@cache
def _headings() -> dict[str, str]:
    """Kind of part by heading, in small letters."""
    text = files("webapp.syllabus").joinpath("data", "headings.csv").read_text(encoding="utf-8")
    return {words: row["kind"] for row in csv.DictReader(text.splitlines()) for words in row["words"].split("|")}


def heading_of(text: str) -> tuple[str, str, str] | None:
    """Tell whether a line is or begins with a known heading.

    Returns
    -------
    tuple or None
        Kind, the heading as written, and what stands behind it on the same line.
    """
    bare = _NUMBER_BEFORE.sub("", text)
    head, *rest = _COLON.split(bare, maxsplit=1)
    head = head.strip(" *_.#")
    if len(head) > _MOST_HEADING:
        return None
    behind = rest[0].strip() if rest else ""
    key = re.sub(r"\s*[(（/].*$", "", head.casefold()).strip()
    for words in (head.casefold(), key):
        kind = _headings().get(words)
        # A lone "Title" or "Course" says nothing; with something behind it, it does.
        if kind is not None:
            return kind, head, behind
    return None


def parts_of(lines: list[Line]) -> list[Part]:
    """Gather lines under their headings."""
    return list(_gathered(lines))


def _gathered(lines: list[Line]) -> Iterator[Part]:
    kind, heading, under = "", "", list[Line]()
    for line in lines:
        found = heading_of(line.text)
        if found is None:
            under.append(line)
            continue
        if under or kind:
            yield Part(kind, heading, tuple(under))
        kind, heading, behind = found
        under = [Line(behind, False, False)] if behind else []
    if under or kind:
        yield Part(kind, heading, tuple(under))


@dataclass(frozen=True)
class Page:
    """A pasted text, cut up.

    Parameters
    ----------
    text
        Plain.
    lines
        Those that are not empty.
    parts
        The same under headings.
    language
        Primary tag of the language it is written in; empty where that cannot be told.
    """

    text: str
    lines: tuple[Line, ...]
    parts: tuple[Part, ...]
    language: str

    def under(self, kind: str) -> list[Part]:
        """Give the parts of one kind."""
        return [part for part in self.parts if part.kind == kind]
