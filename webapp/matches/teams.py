"""Mixed teams of two classes, and the tools both sides can use for them."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from matcher.vocabulary.tools import TOOLS, tool_id
from webapp.i18n import join
from webapp.profiles.labels import tool_label
from webapp.profiles.models import CourseProfile

MOST_IN_A_TEAM = 6
"""Beyond six, some students of a team fall silent."""
EMAIL = "email"


@dataclass(frozen=True)
class Mix:
    """So many equal teams, with so many students of either side."""

    n_teams: int
    n_a: int
    n_b: int


@dataclass(frozen=True)
class Teams:
    """How the two classes form teams: the answer, the mixes one by one, and what else helps with unequal classes."""

    words: str
    mixes: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()


def of(a: CourseProfile, b: CourseProfile) -> Teams:
    """Put two classes into teams of at most six with students of both sides in each.

    Parameters
    ----------
    a, b
        Their smallest expected numbers count; where one is unknown, only the rule is said.

    Returns
    -------
    Teams
        Where the larger class has more than five times the students of the smaller, not everybody fits at once:
        then it is divided into rounds.
    """
    if not a.students or not b.students:
        rule = _(
            "Mixed teams of four to six students with both sides in each. How many teams there are can be told once"
            " both class sizes are known."
        )
        return Teams(str(rule))
    small, large = sorted((a, b), key=lambda course: course.students or 0)
    n_small, n_large = small.students or 0, large.students or 0
    at_once = min(n_large, n_small * (MOST_IN_A_TEAM - 1))
    n_rounds = -(-n_large // at_once)
    n_a, n_b = (n_small, at_once) if small is a else (at_once, n_small)
    mixes = mix(n_a, n_b)
    n_teams = sum(each.n_teams for each in mixes)
    words = ngettext(
        "%(num)d mixed team of at most six students, with both sides in it:",
        "%(num)d mixed teams of at most six students, with both sides in each:",
        n_teams,
    )
    return Teams(str(words), tuple(_mix_words(each, a, b) for each in mixes), _advice(small, large, n_rounds, mixes))


def mix(n_a: int, n_b: int) -> tuple[Mix, ...]:
    """Divide two classes into the fewest teams of at most six, as equal as can be, both sides in each.

    Parameters
    ----------
    n_a, n_b
        At least one student each, neither more than five times the other.
    """
    n_teams = -(-(n_a + n_b) // MOST_IN_A_TEAM)
    counts: dict[tuple[int, int], int] = {}
    for at in range(n_teams):
        # Who gets one more: A's first teams, B's last, so that no team gets both while another gets none.
        one = n_a // n_teams + (at < n_a % n_teams)
        other = n_b // n_teams + (at >= n_teams - n_b % n_teams)
        counts[one, other] = counts.get((one, other), 0) + 1
    return tuple(Mix(n, one, other) for (one, other), n in counts.items())


def _mix_words(each: Mix, a: CourseProfile, b: CourseProfile) -> str:
    return str(
        ngettext(
            "%(num)d team with %(n_a)d from %(a)s and %(n_b)d from %(b)s",
            "%(num)d teams with %(n_a)d from %(a)s and %(n_b)d from %(b)s",
            each.n_teams,
            n_a=each.n_a,
            n_b=each.n_b,
            a=a.institution.name,
            b=b.institution.name,
        )
    )


def _advice(small: CourseProfile, large: CourseProfile, n_rounds: int, mixes: tuple[Mix, ...]) -> tuple[str, ...]:
    n_small, n_large = small.students or 0, large.students or 0
    said = []
    if n_rounds > 1:
        said.append(
            ngettext(
                "Not everybody fits into one round: the %(n)d students of “%(course)s” take turns in %(num)d round, or"
                " only those take part who wish to.",
                "Not everybody fits into one round: the %(n)d students of “%(course)s” take turns in %(num)d rounds, or"
                " only those take part who wish to.",
                n_rounds,
                n=n_large,
                course=large.title,
            )
        )
    n_teams = n_small // 2
    if n_teams and any(min(each.n_a, each.n_b) == 1 for each in mixes) and n_large > 2 * n_small:
        said.append(
            ngettext(
                "In some teams one student of “%(small)s” would be alone. With %(n)d students of “%(large)s”, or in"
                " several rounds, there is %(num)d team with two from one side and four from the other.",
                "In some teams one student of “%(small)s” would be alone. With %(n)d students of “%(large)s”, or in"
                " several rounds, there are %(num)d teams with two from one side and four from the other.",
                n_teams,
                n=n_teams * 4,
                small=small.title,
                large=large.title,
            )
        )
    if any(course.students_most for course in (small, large)):
        said.append(_("Counted with the smallest number each class expects."))
    return tuple(map(str, said))


def _usable(course: CourseProfile) -> set[str]:
    return {tool_id(tool) for tool in course.tools} - _blocked(course)


def _blocked(course: CourseProfile) -> set[str]:
    return {tool_id(tool) for tool in course.blocked_tools}


def common_tools(a: CourseProfile, b: CourseProfile) -> list[str]:
    """List the tools (ids or free text) that both courses name and neither has blocked, in order."""
    return sorted((_usable(a) & _usable(b)) - _blocked(a) - _blocked(b))


def tool_words(a: CourseProfile, b: CourseProfile, *, needs_meeting: bool) -> tuple[str, ...]:
    """Say what to work with, sentence by sentence: tools both can use, what is missing, what to keep away from.

    Parameters
    ----------
    a, b
        The two courses; a tool blocked on either side is never suggested.
    needs_meeting
        Whether a suggested design needs calls, so that a missing tool for them is said.
    """
    blocked = _blocked(a) | _blocked(b)
    common = common_tools(a, b)
    said = []
    if common:
        said.append(_("Both can use: %(tools)s.", tools=join(map(tool_label, common))))
    elif a.tools and b.tools:
        said.append(_("No tool is named by both, so agree on one first; email reaches everybody meanwhile."))
    else:
        said.append(_("At least one side names no tools, so ask what its students can use."))
    if not common and (offered := sorted((_usable(a) | _usable(b)) - blocked - {EMAIL})):
        said.append(
            _("Named by one side and not blocked on the other: %(tools)s.", tools=join(map(tool_label, offered)))
        )
    if common and needs_meeting and not any(tool in TOOLS and TOOLS[tool].kind == "meeting" for tool in common):
        said.append(_("A tool for video meetings is not among them: try one out before the first session."))
    if blocked:
        said.append(
            _("Do not plan with what is blocked on one side: %(tools)s.", tools=join(map(tool_label, sorted(blocked))))
        )
    return tuple(map(str, said))
