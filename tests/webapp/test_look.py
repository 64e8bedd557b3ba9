"""The tokens of the look: every pair of colours that meet on a page is told apart in light and in dark."""

import re
from itertools import product
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "webapp" / "static"
CSS = (STATIC / "css" / "causeway.css").read_text()

TEXT_RATIO, SHAPE_RATIO = 4.5, 3.0
TEXT_ON_GROUND = list(product(["ink", "quiet", "asia", "europe", "fits", "talk", "not"], ["paper", "card"]))
TEXT_ON_TINT = [(name, f"{name}-soft") for name in ("asia", "europe", "fits", "talk", "not")]
INK_ON_TINT = [("ink", tint) for _, tint in TEXT_ON_TINT]
BUTTONS = [("paper", "ink"), ("paper", "not")]
SHAPES = list(product(["edge", "asia", "europe", "fits", "talk", "not"], ["paper", "card"]))

LOOK = {
    "light": {
        "ink": "#1d2433", "paper": "#fbfaf7", "asia": "#b23a24", "europe": "#2a4a8c",
        "fits": "#2b6e46", "talk": "#8a5a00", "not": "#8f2340",
    },
    "dark": {
        "ink": "#e8e6e1", "paper": "#14181f", "asia": "#f08a70", "europe": "#8fb0f5",
        "fits": "#7fcf9d", "talk": "#e3b55c", "not": "#f08ca6",
    },
}  # fmt: skip


def tokens() -> dict[str, dict[str, str]]:
    """Colours of each scheme by name, as the style sheet sets them."""
    blocks = re.findall(r":root:not\(\[data-theme\]\) \{(.*?)\}", CSS, re.DOTALL)
    colours = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block)) for block in blocks]
    light, dark = (block for block in colours if "paper" in block)
    return {"light": light, "dark": dark}


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0..1 (WCAG 2.2)."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1..21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_style_sheet_keeps_the_colours_agreed_on(scheme: str) -> None:
    found = tokens()[scheme]
    assert {name: found[name] for name in LOOK[scheme]} == LOOK[scheme]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), TEXT_ON_GROUND + TEXT_ON_TINT + INK_ON_TINT + BUTTONS)
def test_text_stands_out_from_its_ground(scheme: str, front: str, ground: str) -> None:
    found = tokens()[scheme]
    assert contrast(found[front], found[ground]) >= TEXT_RATIO


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), SHAPES)
def test_edges_and_shapes_stand_out_from_their_ground(scheme: str, front: str, ground: str) -> None:
    found = tokens()[scheme]
    assert contrast(found[front], found[ground]) >= SHAPE_RATIO


def test_no_style_sheet_of_ours_asks_another_host_or_uses_a_colour_of_its_own() -> None:
    for path in (STATIC / "css").glob("*.css"):
        source = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        assert "url(http" not in source
        assert "@import" not in source
        if path.name != "causeway.css":
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|rgba?\(|hsla?\(", source), path.name


def test_the_title_of_every_page_ends_alike() -> None:
    titles = [
        (path.name, title)
        for path in (STATIC.parent / "templates").rglob("*.html")
        if "mail" not in path.parts
        for title in re.findall(r"\{% block title %\}(.*?)\{% endblock", path.read_text(), re.DOTALL)
    ]
    assert len(titles) > 50
    # The front page is called by the name of the service itself.
    assert [one for one in titles if not one[1].startswith("Causeway") and not one[1].endswith(" · Causeway")] == []
