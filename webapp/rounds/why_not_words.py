"""Why two courses are not proposed to each other, in plain sentences."""

from collections.abc import Mapping
from math import isfinite, isinf

from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import ngettext

from matcher.reasons import Reason
from matcher.why_not import PricePart
from webapp.i18n import country_name, instant, locale
from webapp.matches.wording import score_points, sentence
from webapp.profiles.models import CourseProfile
from webapp.rounds.models import DecisionKind, PairDecision
from webapp.rounds.why_not import Absence, Answer, Cost, Numbers
from webapp.rounds.wording import percent

_HALF_A_POINT = 0.005
_NOTHING = 0.0005
_COURSE, _INSTITUTION = 0, 1
_ANY_SCORE = 1.0


def verdict(answer: Answer, decision: PairDecision | None) -> str:
    """Say in one sentence why the two are not proposed; or that they are."""
    if answer.stored.is_pair:
        return str(_("This round puts these two together."))
    if answer.numbers is not None and answer.numbers.why.is_proposed:
        return str(_("These two are proposed to each other, if a round is computed now."))
    if forbidding(answer.reasons):
        return str(_("A rule forbids this pair. No score can change that."))
    if decision is not None and decision.kind is DecisionKind.FORBID:
        return str(_("A coordinator keeps these two apart."))
    if absences(answer):
        return str(_("One of the two takes no part in rounds at present."))
    if answer.score is None:
        return str(_("The matcher cannot compare these two."))
    needed = _needed(answer)
    if needed is None:
        return str(
            _("Their fit is %(points)d of 100. What it has to beat is not known.", points=score_points(answer.score))
        )
    if isinf(needed):
        return str(
            _(
                "Their fit is %(points)d of 100, but a limit or a guaranteed minimum comes before every fit.",
                points=score_points(answer.score),
            )
        )
    if needed > _ANY_SCORE:
        return str(
            _(
                "Their fit is %(points)d of 100. No fit would be enough: their places are worth more elsewhere.",
                points=score_points(answer.score),
            )
        )
    return str(
        _(
            "Their fit is %(points)d of 100; they would need %(needed)d.",
            points=score_points(answer.score),
            needed=max(score_points(needed), score_points(answer.score)),
        )
    )


def _needed(answer: Answer) -> float | None:
    if answer.numbers is None:
        return answer.stored.price
    forced = answer.numbers.why.forced
    return None if forced is None else forced.score_needed


def forbidding(reasons: tuple[Reason, ...]) -> list[str]:
    """Word the rules that forbid a pair."""
    return [text for reason in reasons if (text := sentence(reason))]


def absences(answer: Answer) -> list[str]:
    """Say which of the two takes no part in rounds now, and why."""
    return [_absence(course, why, answer.n_taken[course.id]) for course, why in answer.absences]


def _absence(course: CourseProfile, why: Absence, n_taken: int) -> str:
    if why is Absence.CLOSED:
        return str(_("“%(title)s” is not open for partners.", title=course.title))
    if why is Absence.PAUSES:
        return str(_("The lecturer of “%(title)s” takes no proposals at present.", title=course.title))
    if why is Absence.OVER:
        return str(_("The term of “%(title)s” is over.", title=course.title))
    if why is Absence.LEFT_NO_PLACE:
        return str(_("A coordinator left “%(title)s” no place in coming rounds.", title=course.title))
    if why is Absence.LECTURER_FULL:
        return str(_("The lecturer of “%(title)s” has as many matches at once as wanted.", title=course.title))
    return str(
        _(
            "Every place of “%(title)s” is taken by other matches: %(n)d of %(all)d.",
            title=course.title,
            n=n_taken,
            all=course.capacity,
        )
    )


def decided(decision: PairDecision) -> str:
    """Say what a coordinator decided about the two, who and when."""
    name = decision.by.name if decision.by else _("Somebody")
    when = instant(decision.at)
    if decision.kind is DecisionKind.FORBID:
        return str(_("%(name)s keeps these two apart since %(when)s.", name=name, when=when))
    return str(_("%(name)s keeps these two together since %(when)s.", name=name, when=when))


def low_score(answer: Answer, least: float) -> str:
    """Say that the fit is below what is ever proposed; empty when it is not."""
    if answer.score is None or answer.score >= least:
        return ""
    return str(_("Pairs under %(points)d of 100 are never proposed.", points=score_points(least)))


def price(answer: Answer) -> list[str]:
    """Take the price apart: one sentence for each part that counts, the largest first."""
    if answer.numbers is None:
        return []
    parts = [part for part in answer.numbers.why.parts if abs(part.price) >= _HALF_A_POINT]
    parts.sort(key=lambda part: -part.price)
    return [_part(part, answer) for part in parts]


def _part(part: PricePart, answer: Answer) -> str:
    course = answer.a if part.side == "left" else answer.b
    points = _points(part.price) if isfinite(part.price) else ""
    if part.side == "market":
        return str(_("Places are scarce on the whole: %(points)s.", points=points))
    if part.level == _COURSE:
        if not isfinite(part.price):
            return str(_("“%(title)s” has no place that could be given to another course.", title=course.title))
        if part.given and part.price > 0:
            text = _("Other partners want the place of “%(title)s”: %(points)s.", title=course.title, points=points)
        else:
            text = _("“%(title)s” itself: %(points)s.", title=course.title, points=points)
        return str(text)
    name = course.institution.name if part.level == _INSTITUTION else country_name(course.institution.country)
    if not isfinite(part.price):
        return str(_("%(name)s is at the limit of its partnerships: %(n)d.", name=name, n=part.given))
    share = format_decimal(part.share, format="0.#", locale=locale())
    return str(
        _(
            "%(name)s has %(n)d of a fair share of %(share)s partnerships: %(points)s.",
            name=name,
            n=part.given,
            share=share,
            points=points,
        )
    )


def _points(worth: float) -> str:
    """Write what a part adds to the price."""
    points = format_decimal(abs(score_points(worth)), locale=locale())
    if worth < 0:
        return str(_("%(n)s points less", n=points))
    return str(_("%(n)s points more", n=points))


def forcing(numbers: Numbers) -> list[str]:
    """Say what keeping the two together all the same would cost."""
    forced = numbers.why.forced
    if forced is None:
        return []
    said = []
    if numbers.share_lost >= _NOTHING:
        said.append(_("The total fit would fall by %(percent)s.", percent=percent(numbers.share_lost)))
    elif numbers.share_lost <= -_NOTHING:
        said.append(
            _("The total fit would rise by %(percent)s, and balance would lose.", percent=percent(-numbers.share_lost))
        )
    else:
        said.append(_("The total fit would stay nearly the same."))
    if forced.more_unmet > 0:
        said.append(_("Guaranteed partnerships that would be missing in addition: %(n)d.", n=forced.more_unmet))
    if numbers.is_capped:
        said.append(_("A limit that one of the two institutions set counts such pairs, and may be full."))
    return [str(text) for text in said]


def at_least(answer: Answer, courses: Mapping[int, CourseProfile]) -> list[str]:
    """Say what keeping the two together would cost at least, by what the round kept: proven, and nothing solved."""
    stored = answer.stored
    if stored.least_cost is None:
        return []
    if stored.least_cost > _ANY_SCORE:
        said = [_("It would cost more than any one pair can bring: this round's prices prove it.")]
    elif stored.least_cost >= _HALF_A_POINT:
        said = [
            _(
                "It would cost at least %(points)s of fit, or balance worth as much: this round's prices prove it.",
                points=_plain_points(stored.least_cost),
            )
        ]
    else:
        said = [_("This round's prices do not prove that it would cost anything.")]
    for course, partners in ((answer.a, stored.partners_a), (answer.b, stored.partners_b)):
        if not partners or len(partners) < course.capacity - answer.n_taken[course.id]:
            continue
        if len(partners) == 1:
            partner = courses[partners[0].course_id].title
            said.append(
                _("“%(title)s” has no other place: it would lose “%(partner)s”.", title=course.title, partner=partner)
            )
        else:
            said.append(
                _(
                    "“%(title)s” has no other place: it would lose one of its %(n)d partners.",
                    title=course.title,
                    n=len(partners),
                )
            )
    return [str(text) for text in said]


def _plain_points(worth: float) -> str:
    points = score_points(worth)
    return str(ngettext("%(num)d point", "%(num)d points", points))


def pair_name(pair: tuple[int, int], courses: Mapping[int, CourseProfile]) -> str:
    """Name both courses of a pair."""
    a, b = (courses[own] for own in pair)
    return str(
        _(
            "“%(a)s” (%(institution_a)s) and “%(b)s” (%(institution_b)s)",
            a=a.title,
            institution_a=a.institution.name,
            b=b.title,
            institution_b=b.institution.name,
        )
    )


def basis(answer: Answer) -> str:
    """Say what the answer was computed from."""
    at = instant(answer.at)
    if answer.numbers is not None:
        return str(
            _(
                "Computed at %(at)s from the courses as they stand now, with the matches of this round counted as"
                " never proposed. A round of another hour may differ.",
                at=at,
            )
        )
    if answer.score is None:
        return str(_("Rules and places are those of %(at)s.", at=at))
    return str(_("Rules, places and the fit are those of %(at)s; prices and partners are what the round kept.", at=at))


def unknown_cost(answer: Answer) -> str:
    """Say why the exact cost is not computed; empty where it is, or can be."""
    if answer.cost is Cost.TOO_LARGE:
        return str(
            _(
                "This market is too large to be computed again while you wait. What forcing would cost exactly is shown"
                " by a draft in which the two are kept together."
            )
        )
    if answer.cost is Cost.BUSY:
        return str(_("Another question of this kind is being computed just now. Please ask again in a moment."))
    return ""
