"""The coordinator's digest, in the language in force."""

from collections.abc import Iterable, Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from matcher.profile import Region
from webapp.accounts.models import User
from webapp.i18n import country_name, day, instant, join, week_days
from webapp.matches import wording as match_wording
from webapp.matches.lifecycle import Action, State
from webapp.matches.models import Match
from webapp.rounds import wording
from webapp.rounds.digest_balance import Shore
from webapp.rounds.digest_document import Bar, Chart, Document, Line, Link, Section
from webapp.rounds.digest_texts import archive, greeting, kept, page_of, zone_sentence
from webapp.rounds.labels import left_out_label
from webapp.rounds.models import Round
from webapp.rounds.news import RoundNews

MOST_LINES = 20
"""Longest list in a coordinator's mail; the filtered page of the round has the rest."""


def for_coordinator(user: User, news: RoundNews) -> Document:
    """Write a coordinator's digest: what the round did for their institutions, and where things stand."""
    n = len(news.new)
    zone = user.time_zone
    subject = ngettext(
        "Matching round of %(days)s: %(num)d partnership proposed",
        "Matching round of %(days)s: %(num)d partnerships proposed",
        n,
        days=week_days(news.round.week),
    )
    return Document(
        subject=subject,
        greeting=greeting(user),
        intro=(
            str(_("Here is what the round of %(days)s did.", days=week_days(news.round.week))),
            *([] if news.is_of_all else [_scope(user)]),
        ),
        sections=kept(
            _figures(news),
            _proposed(user, news),
            _balance(news),
            _stalled(news, zone),
            _silent(news, zone),
            Section(
                str(_("Whom matches wait for, the longest first")),
                lines=_first(Line(wording.awaited_sentence(one, zone), page_of(one.match)) for one in news.awaited),
                more=_more(news.awaited),
            ),
            _expired(user, news),
            _left_out(user, news),
            _by_country(user, news),
        ),
        closing=(zone_sentence(user),),
        archive=archive(),
        why=str(_("You receive this weekly digest because you coordinate.")),
    )


def _scope(user: User) -> str:
    """Say whose matches and courses are counted."""
    countries = join(map(country_name, user.countries))
    if user.countries and user.network:
        return str(
            _("It counts institutions in %(countries)s and those of the network %(network)s.",
              countries=countries, network=user.network)
        )  # fmt: skip
    if user.countries:
        return str(_("It counts institutions in %(countries)s.", countries=countries))
    return str(_("It counts institutions of the network %(network)s.", network=user.network))


def _first(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(lines)[:MOST_LINES]


def _more(found: Sequence[object]) -> str:
    return str(_("And %(n)d more.", n=len(found) - MOST_LINES)) if len(found) > MOST_LINES else ""


def only_country(user: User) -> str | None:
    """The country of a coordinator who has only one; None for all others."""
    return user.countries[0] if len(user.countries) == 1 and not user.network else None


def page(of_round: Round, user: User, state: State) -> str:
    """The address of a round's page, filtered by a state and by the country of a coordinator who has only one."""
    return url_for("rounds.show", round_id=of_round.id, state=state.value, country=only_country(user), _external=True)


def _figures(news: RoundNews) -> Section:
    """The figures of the whole round, for those who look after the whole."""
    said = wording.figures(news.round) if news.is_of_all else []
    href = url_for("rounds.show", round_id=news.round.id, _external=True)
    return Section(lines=tuple(Line(text) for text in said), link=Link(str(_("Open the round")), href), is_main=True)


def _proposed(user: User, news: RoundNews) -> Section:
    return Section(
        str(_("Proposed in this round, the best fit first")),
        lines=_first(
            Line(
                str(
                    _("%(pair)s: %(points)d of 100",
                      pair=wording.pair(match), points=match_wording.score_points(match.score))
                ),
                page_of(match),
            )
            for match in news.new
        ),
        more=_more(news.new),
        link=Link(str(_("All that still wait for the lecturers")), page(news.round, user, State.PROPOSED)),
        is_main=not news.is_of_all,
    )  # fmt: skip


def _balance(news: RoundNews) -> Section:
    found = news.balance
    since = day(found.since)
    charts = [
        Chart(str(_("This round: open courses that got a partner")), _courses(found.week)),
        Chart(str(_("Since %(day)s: open courses that got a partner", day=since)), _courses(found.half_year)),
        Chart(
            str(_("Since %(day)s: students in exchanges both lecturers accepted", day=since)),
            _students(found.half_year),
        ),
    ]
    return Section(
        str(_("Balance between Asia and Europe")),
        notes=(
            str(
                _(
                    "The longer count begins with the running half-year, on 1 January or 1 July. It takes in proposals "
                    "of rounds and invitations, but none that was taken back."
                )
            ),
        ),
        charts=tuple(chart for chart in charts if chart.bars),
    )


def _courses(shores: Iterable[Shore]) -> tuple[Bar, ...]:
    bars = []
    for shore in shores:
        if not shore.n_courses:
            continue
        values = {"n": shore.n_with_partner, "all": shore.n_courses, "percent": wording.percent(shore.share)}
        if shore.region is Region.ASIA:
            text = _("Asia: %(n)d of %(all)d courses, %(percent)s", **values)
        else:
            text = _("Europe: %(n)d of %(all)d courses, %(percent)s", **values)
        bars.append(Bar(str(text), shore.share, shore.region.value))
    return tuple(bars)


def _students(shores: Sequence[Shore]) -> tuple[Bar, ...]:
    most = max((shore.n_students for shore in shores), default=0)
    if not most:
        return ()
    bars = []
    for shore in shores:
        if shore.region is Region.ASIA:
            text = ngettext("Asia: %(num)d student", "Asia: %(num)d students", shore.n_students)
        else:
            text = ngettext("Europe: %(num)d student", "Europe: %(num)d students", shore.n_students)
        bars.append(Bar(text, shore.n_students / most, shore.region.value))
    return tuple(bars)


def _stalled(news: RoundNews, zone: str) -> Section:
    return Section(
        str(_("Nothing has happened for a week or longer")),
        lines=_first(Line(wording.awaited_sentence(one, zone), page_of(one.match)) for one in news.stalled),
        more=_more(news.stalled),
    )


def _silent(news: RoundNews, zone: str) -> Section:
    def line(match: Match) -> Line:
        began = next((e.at for e in match.events if e.action is Action.START), match.changed_at)
        text = _("%(pair)s, running since %(since)s", pair=wording.pair(match), since=instant(began, zone))
        return Line(str(text), page_of(match))

    return Section(
        str(_("Running, but nobody has written or agreed to meet")),
        lines=_first(line(match) for match in news.silent),
        more=_more(news.silent),
    )


def _expired(user: User, news: RoundNews) -> Section:
    link = Link(str(_("All of the round before")), page(news.before, user, State.EXPIRED)) if news.before else None
    return Section(
        str(_("Ran out of time since the last round")),
        lines=_first(Line(wording.pair(match), page_of(match)) for match in news.expired),
        more=_more(news.expired),
        link=link,
    )


def _left_out(user: User, news: RoundNews) -> Section:
    n = len(news.left_out)
    return Section(
        ngettext("One course has no partner", "%(num)d courses have no partner", n),
        lines=tuple(
            Line(f"{left_out_label(code)} ({n_of})", _left_out_page(news.round, user, code))
            for code, n_of in news.n_by_reason
        ),
        link=Link(str(_("All of them, with what would help")), _left_out_page(news.round, user)),
    )


def _left_out_page(of_round: Round, user: User, code: str | None = None) -> str:
    return url_for("rounds.left_out", round_id=of_round.id, reason=code, country=only_country(user), _external=True)


def _by_country(user: User, news: RoundNews) -> Section:
    """One line for each of a coordinator's countries, where there are several."""
    countries = user.countries if len(user.countries) > 1 else []
    return Section(
        str(_("By country")),
        lines=tuple(
            Line(
                str(
                    _(
                        "%(country)s: partnerships proposed %(n)d, courses without a partner %(free)d",
                        country=country_name(code),
                        n=news.n_new_in(code),
                        free=news.n_left_out_in(code),
                    )
                ),
                url_for("rounds.show", round_id=news.round.id, country=code, _external=True),
            )
            for code in sorted(countries, key=country_name)
        ),
    )
