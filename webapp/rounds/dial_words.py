"""The dial in words: where it stands, and what a position costs and brings."""

from collections.abc import Iterable, Sequence

from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.i18n import country_name, instant, locale
from webapp.rounds.dial import Dial, Group, Point
from webapp.rounds.models import DialChoice
from webapp.rounds.wording import of_hundred, percent

_HUNDRED = 100
# Less than this share of the fit rounds to nothing on a page.
_NOTHING = 0.0005
_FIT, _BALANCE = 0.35, 0.65


def position(balance: float) -> str:
    """Write a position as the number people set: "0.35"."""
    return str(format_decimal(balance, format="0.##", locale=locale()))


def position_words(balance: float) -> str:
    """Say what a position stands for."""
    if balance == 0:
        return str(_("%(position)s: the best fit, whoever gets it", position=position(balance)))
    if balance == 1:
        return str(_("%(position)s: shared out as evenly as possible", position=position(balance)))
    if balance < _FIT:
        return str(_("%(position)s: mostly fit", position=position(balance)))
    if balance <= _BALANCE:
        return str(_("%(position)s: between fit and balance", position=position(balance)))
    return str(_("%(position)s: mostly balance", position=position(balance)))


def compared(point: Point, before: Point) -> list[str]:
    """Say what a position changes against another: the fit first, then who has a partner."""
    fit = point.quality / before.quality - 1.0 if before.quality else 0.0
    gain = {side: of_hundred(point.coverage[side], before.coverage[side]) for side in "ab"}
    one_sided = [side for side in "ab" if gain[side]]
    if len(one_sided) == 1 and abs(fit) >= _NOTHING and (fit < 0) == (gain[one_sided[0]] > 0):
        return [_both(fit, one_sided[0], abs(gain[one_sided[0]]))]
    return [_fit(fit), *(_partners(side, gain[side]) for side in one_sided)]


def _both(fit: float, side: str, n: int) -> str:
    """Say a price with its gain, or the other way round, in one sentence."""
    share = percent(abs(fit))
    if side == "a":
        if fit < 0:
            return str(_("%(percent)s less fit, %(n)d more of 100 Asian courses have a partner.", percent=share, n=n))
        return str(_("%(percent)s more fit, %(n)d fewer of 100 Asian courses have a partner.", percent=share, n=n))
    if fit < 0:
        return str(_("%(percent)s less fit, %(n)d more of 100 European courses have a partner.", percent=share, n=n))
    return str(_("%(percent)s more fit, %(n)d fewer of 100 European courses have a partner.", percent=share, n=n))


def _fit(change: float) -> str:
    if abs(change) < _NOTHING:
        return str(_("The total fit stays the same."))
    if change < 0:
        return str(_("%(percent)s less fit.", percent=percent(-change)))
    return str(_("%(percent)s more fit.", percent=percent(change)))


def _partners(side: str, gain: int) -> str:
    if side == "a":
        if gain > 0:
            return str(_("%(n)d more of 100 Asian courses have a partner.", n=gain))
        return str(_("%(n)d fewer of 100 Asian courses have a partner.", n=-gain))
    if gain > 0:
        return str(_("%(n)d more of 100 European courses have a partner.", n=gain))
    return str(_("%(n)d fewer of 100 European courses have a partner.", n=-gain))


def price(point: Point) -> str:
    """Say what a position costs of the fit that would be possible without balance."""
    if point.price < _NOTHING:
        return str(_("Price of balance at this position: nothing; no fit is given up."))
    return str(
        _("Price of balance at this position: %(percent)s of the best possible fit.", percent=percent(point.price))
    )


def whole(share: float) -> str:
    """Write a share (0..1) as whole per cent."""
    return percent(round(share * _HUNDRED) / _HUNDRED)


def group_name(group: Group) -> str:
    """Name an institution with its country, or a country."""
    if not group.name:
        return country_name(group.country)
    return str(_("%(institution)s, %(country)s", institution=group.name, country=country_name(group.country)))


def least_served(group: Group) -> str:
    """Say how far a group is from its fair share."""
    share = format_decimal(group.share, format="0.#", locale=locale())
    return str(_("%(name)s: %(n)d of a fair share of %(share)s", name=group_name(group), n=group.given, share=share))


def partners(before: int, after: int) -> str:
    """Say how many partners a course has at a position, and how many at the present one."""
    return str(
        ngettext(
            "%(num)d partner instead of %(before)d", "%(num)d partners instead of %(before)d", after, before=before
        )
    )


def partnerships(group: Group) -> str:
    """Say how many partnerships a group has at a position, and how many at the present one."""
    return str(_("%(name)s: %(n)d instead of %(before)d", name=group_name(group), n=group.given, before=group.before))


def basis(dial: Dial) -> list[str]:
    """Say what the figures rest on."""
    said = [
        _(
            "Computed with the round from %(n_a)d Asian and %(n_b)d European courses.",
            n_a=dial.n_a,
            n_b=dial.n_b,
        )
    ]
    if dial.gap:
        said.append(_("Each position is at most %(gap)s below the best there is.", gap=percent(dial.gap)))
    else:
        said.append(_("Each position is proven to be the best there is."))
    if len(dial.positions) < 21:
        said.append(
            _(
                "This market is large (%(n)s possible pairs): the dial has %(positions)d positions instead of 21.",
                n=format_decimal(dial.n_candidates, locale=locale()),
                positions=len(dial.positions),
            )
        )
    return said


def values(dial: Dial) -> dict[str, str]:
    """Give the words of every position, by the value that the slider has there."""
    return {f"{balance:.4g}": position_words(balance) for balance in dial.positions}


def gini(share: float) -> str:
    """Write a Gini index as whole points of 100."""
    return str(round(share * _HUNDRED))


def share(value: float) -> str:
    """Write a share (0..1) as per cent, with one decimal where it has any."""
    return percent(value)


def n_of(counts: Sequence[int]) -> str:
    """Write "3 of 7"."""
    return str(_("%(n)d of %(all)d", n=counts[0], all=counts[1]))


def gini_labels() -> list[tuple[str, str, str]]:
    """Name the unevenness of each level, in Asia and in Europe."""
    return [
        ("country", _("Unevenness by country, Asia"), _("Unevenness by country, Europe")),
        ("institution", _("Unevenness by institution, Asia"), _("Unevenness by institution, Europe")),
        ("course", _("Unevenness by course, Asia"), _("Unevenness by course, Europe")),
    ]


def choice(row: DialChoice) -> str:
    """Say who chose which position when."""
    at, when = position(row.balance), instant(row.at)
    if row.by is None:
        return str(_("%(position)s, chosen %(when)s", position=at, when=when))
    return str(_("%(position)s, chosen by %(name)s, %(when)s", position=at, name=row.by.name, when=when))


def joined(sentences: Iterable[str]) -> str:
    """Put sentences after one another."""
    return " ".join(sentences)
