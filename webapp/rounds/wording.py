"""A round's figures in words."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from babel.numbers import format_decimal
from flask_babel import format_percent
from flask_babel import gettext as _

from matcher.reasons import Reason
from webapp.i18n import instant, locale
from webapp.matches.lifecycle import Actor
from webapp.matches.models import Match
from webapp.matches.wording import sentence
from webapp.rounds.labels import PUBLICATION_SENTENCES, left_out_label
from webapp.rounds.models import LeftOut, PairDecision, Round, RoundState
from webapp.rounds.news import Awaited

PROPOSED = (RoundState.PUBLISHED, RoundState.TAKEN_BACK, None)
"""States of rounds whose pairs were proposed to their lecturers; a round that is not stored has none."""

_HUNDRED = 100
_THOUSAND = 1000
# Less than this share of the fit rounds to nothing on a page.
_NOTHING = 0.0005


def percent(share: float) -> str:
    """Write a share (0..1) as per cent in the reader's language, with one decimal."""
    return str(format_percent(share, format="#,##0.#%"))


def dial(this_round: Round) -> str:
    """Say at which position of the dial a round was computed, and who chose it."""
    position = format_decimal(this_round.balance, format="0.##", locale=locale())
    if this_round.dial_by is None:
        return str(_("Balance dial: %(position)s, the setting of this installation.", position=position))
    return str(_("Balance dial: %(position)s, chosen by %(name)s.", position=position, name=this_round.dial_by.name))


def why(row: LeftOut) -> str:
    """Say why a course has no partner; the short name of the reason when its sentence no longer exists."""
    code = str(row.reason.get("code"))
    own = PUBLICATION_SENTENCES.get(code)
    return str(own) if own else sentence(Reason.from_dict(row.reason)) or str(left_out_label(code))


def figures(this_round: Round) -> list[str]:
    """Say what a round did, one sentence a figure."""
    report = this_round.report
    said = [
        _(
            "Courses with a free place: %(n_a)d in Asia, %(n_b)d in Europe.",
            n_a=this_round.n_courses_a,
            n_b=this_round.n_courses_b,
        ),
        _("Partnerships proposed: %(n)d.", n=this_round.n_matches)
        if this_round.state in PROPOSED
        else _("Pairs found: %(n)d.", n=this_round.n_matches),
    ]
    if report:
        said.append(
            _(
                "Courses with a partner: %(percent_a)s in Asia, %(percent_b)s in Europe.",
                percent_a=percent(report["coverage_a"]),
                percent_b=percent(report["coverage_b"]),
            )
        )
    return said + certificate_sentences(this_round) + balance_sentences(report)


def awaited_sentence(one: Awaited, zone: str) -> str:
    """Say whom a match waits for since when, in the reader's time zone (IANA)."""
    names = {
        "title": one.course.title,
        "institution": one.course.institution.name,
        "since": instant(one.since, zone),
    }
    if one.actor is Actor.LECTURER:
        return str(
            _("%(name)s, %(institution)s, for “%(title)s”, since %(since)s", name=one.course.lecturer.name, **names)
        )
    return str(_("International office of %(institution)s, for “%(title)s”, since %(since)s", **names))


def pair(match: Match | PairDecision) -> str:
    """Name both courses of a match, or of a decision."""
    return str(
        _(
            "“%(a)s” (%(institution_a)s) and “%(b)s” (%(institution_b)s)",
            a=match.course_a.title,
            institution_a=match.course_a.institution.name,
            b=match.course_b.title,
            institution_b=match.course_b.institution.name,
        )
    )


def by_reason(left_out: Iterable[LeftOut]) -> list[tuple[str, list[LeftOut]]]:
    """Group left-out courses under the short names of their reasons, the most frequent first."""
    groups: dict[str, list[LeftOut]] = {}
    for row in left_out:
        groups.setdefault(str(left_out_label(str(row.reason.get("code")))), []).append(row)
    return sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))


def certificate_sentences(this_round: Round) -> list[str]:
    """Say how near the choice of pairs is to the best one.

    Returns
    -------
    list of str
        One sentence; none for a round without a certificate or without pairs to choose from, nor for one that
        published fewer pairs than were chosen: what is left of the best choice need not be the best.
    """
    certificate = this_round.certificate
    if not certificate or not certificate["n_candidates"] or this_round.n_matches != this_round.report["n_pairs"]:
        return []
    # A bound that is reached proves the choice even where some pair lies above its price.
    if certificate["is_proven"] or not certificate["gap"]:
        return [_("Proven to be the best choice over all permitted pairs.")]
    # Rounded up: "at most" must stay true in the decimals that are shown.
    share = math.ceil(certificate["gap"] * _THOUSAND) / _THOUSAND
    return [_("At most %(share)s below the best choice over all permitted pairs.", share=percent(share))]


def balance_sentences(report: Mapping[str, Any]) -> list[str]:
    """Say what balance cost in a round and what it brought, compared with the dial at zero.

    Parameters
    ----------
    report
        ``matcher.BalanceReport`` as stored with the round; an empty one gives no sentence.

    Returns
    -------
    list of str
        Whole sentences: the price first, then who gained.
    """
    if not report or not report["n_pairs_at_zero"]:
        return []
    if not report["balance"]:
        return [_("The dial stood at 0: the pairs that fit best were taken, whoever gets them.")]
    price = report["price"]
    gain_a, gain_b = (of_hundred(report[f"coverage_{side}"], report[f"coverage_{side}_at_zero"]) for side in "ab")
    if price < _NOTHING and not gain_a and not gain_b:
        return [_("Balance cost nothing in this round: at this position the pairs that fit best are even enough.")]
    if gain_b > 0 and gain_a == 0:
        return [
            _("Balance: %(percent)s less fit, %(n)d more of 100 European courses have a partner.",
              percent=percent(price), n=gain_b)
        ]  # fmt: skip
    if gain_a > 0 and gain_b == 0:
        return [
            _("Balance: %(percent)s less fit, %(n)d more of 100 Asian courses have a partner.",
              percent=percent(price), n=gain_a)
        ]  # fmt: skip
    return [
        _("Balance cost %(percent)s of the fit.", percent=percent(price)),
        *_changes(gain_a, gain_b),
        *_countries(report),
    ]


def of_hundred(share: float, before: float) -> int:
    """Give the difference of two shares (0..1) in whole courses of 100, as every page of a round writes it."""
    return round(_HUNDRED * (share - before))


def _changes(gain_a: int, gain_b: int) -> list[str]:
    said = []
    if gain_a > 0:
        said.append(_("%(n)d more of 100 Asian courses have a partner.", n=gain_a))
    elif gain_a < 0:
        said.append(_("%(n)d fewer of 100 Asian courses have a partner.", n=-gain_a))
    if gain_b > 0:
        said.append(_("%(n)d more of 100 European courses have a partner.", n=gain_b))
    elif gain_b < 0:
        said.append(_("%(n)d fewer of 100 European courses have a partner.", n=-gain_b))
    return said


def _countries(report: Mapping[str, Any]) -> list[str]:
    """Compare how many countries have a partnership at all."""
    served, served_at_zero = (
        sum(level["n_served"] for level in report[key] if level["level"] == "country")
        for key in ("levels", "levels_at_zero")
    )
    if served == served_at_zero:
        return []
    return [_("Countries with a partner: %(n)d instead of %(before)d.", n=served, before=served_at_zero)]
