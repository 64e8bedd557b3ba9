"""What a digest says, as plain blocks: HTML and text are made from the same, so that neither says less."""

from dataclasses import dataclass

BAR_LETTERS = 20
"""Length of a bar in a text."""


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere."""

    label: str
    href: str


@dataclass(frozen=True)
class Line:
    """One point of a list, with the page it is about and what else is to be said."""

    text: str
    href: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Card:
    """One partner: what, where, why, until when, and the way there.

    Parameters
    ----------
    title, place
        Which course for which of one's own, and where it is taught.
    side
        Region of the partner, ``asia`` or ``europe``; empty when it has none.
    details
        Sentences about it.
    until
        Until when an answer is awaited; empty when none is.
    link
        The page where one answers.
    """

    title: str
    place: str
    side: str
    details: tuple[str, ...]
    until: str
    link: Link


@dataclass(frozen=True)
class Bar:
    """One bar of a picture: its sentence says everything; the length (share, 0..1) only shows it."""

    text: str
    share: float
    side: str

    @property
    def percent(self) -> int:
        """Its length of 100; never nothing where there is something."""
        return max(round(100 * self.share), 1) if self.share > 0 else 0

    @property
    def letters(self) -> str:
        """The bar in letters, for the text."""
        n = max(round(BAR_LETTERS * self.share), 1) if self.share > 0 else 0
        return "█" * n + "░" * (BAR_LETTERS - n)


@dataclass(frozen=True)
class Chart:
    """Bars under a sentence that says what they show."""

    caption: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Section:
    """A part with a heading; shown in the order of its fields.

    Parameters
    ----------
    heading
        What it is about; empty for the first.
    notes
        Sentences before the rest.
    lines, cards, charts
        What it shows.
    more
        That there are more lines than are shown; empty when there are not.
    link
        The page with all of it.
    is_main
        Whether the link is what the reader most likely wants to follow.
    """

    heading: str = ""
    notes: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    cards: tuple[Card, ...] = ()
    charts: tuple[Chart, ...] = ()
    more: str = ""
    link: Link | None = None
    is_main: bool = False


@dataclass(frozen=True)
class Document:
    """A whole digest.

    Parameters
    ----------
    subject
        Of the mail.
    greeting, intro
        Its first sentences.
    sections
        Its parts.
    closing
        Its last sentences, such as the time zone of everything above.
    archive
        Where all digests of this person can be read.
    why
        Why the person gets it.
    """

    subject: str
    greeting: str
    intro: tuple[str, ...]
    sections: tuple[Section, ...]
    closing: tuple[str, ...]
    archive: Link
    why: str


def plain(document: Document) -> str:
    """Write a digest as text: a bullet for each line and partner, addresses in full, bars as letters."""
    parts = [document.greeting, *document.intro]
    blocks = ["\n".join(parts)]
    for section in document.sections:
        if section.heading:
            blocks.append(f"{section.heading}\n{'-' * min(len(section.heading), 72)}")
        blocks += section.notes
        blocks += ["\n".join(_line(line) for line in section.lines)] if section.lines else []
        blocks += [_card(card) for card in section.cards]
        blocks += [_chart(chart) for chart in section.charts]
        blocks += [section.more] if section.more else []
        blocks += [_link(section.link)] if section.link else []
    blocks.append("\n".join(document.closing))
    blocks.append(_link(document.archive))
    return "\n\n".join(blocks)


def _link(link: Link) -> str:
    return f"{link.label}\n{link.href}"


def _line(line: Line) -> str:
    return "\n  ".join([f"* {line.text}", *line.details, *([line.href] if line.href else [])])


def _card(card: Card) -> str:
    said = [card.title, card.place, *card.details, *([card.until] if card.until else [])]
    return "\n  ".join([f"* {said[0]}", *said[1:], card.link.label, card.link.href])


def _chart(chart: Chart) -> str:
    return "\n".join([chart.caption, *(f"  {bar.text}\n  {bar.letters}" for bar in chart.bars)])
