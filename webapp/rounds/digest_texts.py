"""The digests of lecturers and offices, in the language in force."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.accounts.models import User
from webapp.i18n import country_name, instant, zone_name
from webapp.matches import wording as match_wording
from webapp.matches.models import Match
from webapp.rounds import changes, wording
from webapp.rounds.digest_document import Card, Document, Line, Link, Section
from webapp.rounds.models import LeftOut
from webapp.rounds.news import Awaited, PersonalNews, Stand


def greeting(user: User) -> str:
    """Address the reader."""
    return str(_("Dear %(name)s,", name=user.name))


def zone_sentence(user: User) -> str:
    """Say in which time zone all times of the digest are."""
    return str(_("All times are those of your time zone: %(zone)s.", zone=zone_name(user.time_zone)))


def archive() -> Link:
    """The page of all one's digests."""
    return Link(str(_("All your digests")), url_for("digests.index", _external=True))


def page_of(match: Match) -> str:
    """The address of a match's page."""
    return url_for("matches.show", match_id=match.id, _external=True)


def kept(*sections: Section) -> tuple[Section, ...]:
    """Leave out sections that show nothing."""
    return tuple(one for one in sections if one.lines or one.cards or one.charts)


def for_lecturer(user: User, news: PersonalNews) -> Document:
    """Write a lecturer's digest: new partners, answers that are awaited, courses without a partner and why."""
    if news.new:
        n = len(news.new)
        subject = ngettext(
            "A new partner is proposed for your course", "%(num)d new partners are proposed for your courses", n
        )
    elif news.waiting:
        n = len(news.waiting)
        subject = ngettext("One match waits for your answer", "%(num)d matches wait for your answer", n)
    else:
        n = len(news.left_out)
        subject = ngettext(
            "No partner yet for your course, and why", "No partner yet for %(num)d of your courses, and why", n
        )
    sections = kept(
        Section(
            ngettext(
                "This week's round proposes a partner for you.",
                "This week's round proposes %(num)d partners for you.",
                len(news.new),
            ),
            cards=tuple(_new_partner(stand, user.time_zone) for stand in news.new),
        ),
        Section(
            str(_("Waiting for your answer")),
            cards=tuple(_waiting_partner(stand, user.time_zone) for stand in news.waiting),
        ),
        Section(
            str(_("No partner yet")),
            lines=tuple(
                Line(
                    row.course.title,
                    url_for("profiles.show", course_id=row.course_id, _external=True),
                    (wording.why(row), *_what_would_help(row)),
                )
                for row in news.left_out
            ),
        ),
    )
    return Document(
        subject=str(subject),
        greeting=greeting(user),
        intro=(),
        sections=sections,
        closing=(str(_("The next round runs on Monday.")), zone_sentence(user)),
        archive=archive(),
        why=str(_("You receive this weekly digest because you take part with a course.")),
    )


def _what_would_help(row: LeftOut) -> list[str]:
    steps = changes.steps(row)
    return [str(_("What would bring a partner: %(steps)s", steps=" ".join(steps)))] if steps else []


def _new_partner(stand: Stand, zone: str) -> Card:
    match = stand.match
    words, points = match_wording.fit_words(match.score), match_wording.score_points(match.score)
    fit = str(_("%(words)s: %(points)d of 100.", words=words, points=points))
    reason = match_wording.top_sentence(match.explanation)
    return _card(stand, zone, (fit, *([reason] if reason else [])), str(_("Look at this partner")))


def _waiting_partner(stand: Awaited, zone: str) -> Card:
    since = str(_("Waiting since %(since)s.", since=instant(stand.since, zone)))
    return _card(stand, zone, (since,), str(_("Answer this proposal")))


def _card(stand: Stand, zone: str, details: tuple[str, ...], label: str) -> Card:
    own, partner = stand.own, stand.partner
    place = partner.institution
    return Card(
        title=str(_("“%(partner)s” for your course “%(own)s”", partner=partner.title, own=own.title)),
        place=str(_("%(institution)s, %(country)s", institution=place.name, country=country_name(place.country))),
        side=place.region,
        details=details,
        until=_until(stand.match, zone),
        link=Link(label, page_of(stand.match)),
    )


def _until(match: Match, zone: str) -> str:
    return str(_("Please answer by %(instant)s.", instant=instant(match.respond_by, zone))) if match.respond_by else ""


def for_office(user: User, news: PersonalNews) -> Document:
    """Write an office's digest: approvals and people that wait, what was proposed, courses without a partner."""
    zone = user.time_zone
    people = tuple(
        Line(str(_("%(name)s, since %(since)s", name=person.name, since=instant(person.confirmed_at, zone))))
        for person in news.to_verify
        if person.confirmed_at is not None
    )
    sections = kept(
        Section(
            str(_("Waiting for your approval")),
            lines=tuple(_approval(one, zone) for one in news.waiting),
            link=Link(str(_("All approvals")), url_for("matches.approvals", _external=True)),
            is_main=True,
        ),
        Section(
            str(_("People who wait to be verified")),
            notes=(str(_("They cannot act before somebody knows who they are.")),),
            lines=people,
            link=Link(str(_("Verify people")), url_for("accounts.people", _external=True)),
        ),
        Section(
            str(_("Proposed to your lecturers this week")),
            lines=tuple(Line(_both(stand), page_of(stand.match)) for stand in news.new),
        ),
        Section(str(_("Courses without a partner")), lines=_left_out(news)),
    )
    return Document(
        subject=_office_subject(news),
        greeting=greeting(user),
        intro=(str(_("this is the week at %(institution)s.", institution=_house(user))),),
        sections=sections,
        closing=(str(_("The next round runs on Monday.")), zone_sentence(user)),
        archive=archive(),
        why=str(_("You receive this weekly digest because you work for the international office of your institution.")),
    )


def _house(user: User) -> str:
    return user.institution.name if user.institution else ""


def _office_subject(news: PersonalNews) -> str:
    if news.waiting:
        n = len(news.waiting)
        subject = ngettext("One match waits for your approval", "%(num)d matches wait for your approval", n)
    elif news.new:
        n = len(news.new)
        subject = ngettext(
            "A partner is proposed to one of your courses", "%(num)d partners are proposed to your courses", n
        )
    elif news.is_new_reason:
        n = len(news.left_out)
        subject = ngettext(
            "One of your courses has no partner yet, and why", "%(num)d of your courses have no partner yet, and why", n
        )
    else:
        subject = ngettext("One person waits to be verified", "%(num)d people wait to be verified", len(news.to_verify))
    return str(subject)


def _approval(one: Awaited, zone: str) -> Line:
    since = str(_("Waiting since %(since)s.", since=instant(one.since, zone)))
    until = _until(one.match, zone)
    return Line(_both(one), page_of(one.match), (since, *([until] if until else [])))


def _both(stand: Stand) -> str:
    own, partner = stand.own, stand.partner
    return str(
        _(
            "“%(own)s” (%(lecturer)s) with “%(partner)s”, %(institution)s, %(country)s",
            own=own.title,
            lecturer=own.lecturer.name,
            partner=partner.title,
            institution=partner.institution.name,
            country=country_name(partner.institution.country),
        )
    )


def _left_out(news: PersonalNews) -> tuple[Line, ...]:
    said: Sequence[str] = [
        str(
            _(
                "%(course)s (%(lecturer)s): %(reason)s",
                course=row.course.title,
                lecturer=row.course.lecturer.name,
                reason=wording.why(row),
            )
        )
        for row in news.left_out
    ]
    return tuple(Line(text) for text in said)
