"""A digest as part of a page: the same content as the mail, without the styles mail programs need."""

from html import escape
from html.parser import HTMLParser

from markupsafe import Markup

ATTRIBUTES: dict[str, frozenset[str]] = {
    **{
        tag: frozenset({"class"}) for tag in ("p", "h1", "h2", "h3", "ul", "li", "strong", "span", "div", "tbody", "tr")
    },
    "a": frozenset({"class", "href"}),
    "table": frozenset({"class", "role", "aria-hidden"}),
    "td": frozenset({"class", "width"}),
    "br": frozenset(),
}
"""Elements that are kept, and what is kept of each; a style never is."""


class _Main(HTMLParser):
    """Keeps what stands in the mail's main part."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.kept: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "main":
            self._is_inside = True
        elif self._is_inside and tag in ATTRIBUTES:
            said = [f' {name}="{escape(value or "")}"' for name, value in attrs if name in ATTRIBUTES[tag]]
            self.kept.append(f"<{tag}{''.join(said)}>")

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._is_inside = False
        elif self._is_inside and tag in ATTRIBUTES and tag != "br":
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.kept.append(escape(data))


def main_part(html: str) -> Markup:
    """Take the content out of a mail's HTML, without its frame and its styles.

    Parameters
    ----------
    html
        The mail as it was sent.

    Returns
    -------
    Markup
        Only elements and attributes that are known, everything else escaped or left away.
    """
    reader = _Main()
    reader.feed(html)
    reader.close()
    return Markup("".join(reader.kept))  # noqa: S704 - put together from known elements and escaped text only
