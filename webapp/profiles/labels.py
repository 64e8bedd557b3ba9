"""What people read for each value of a profile, in their language."""

from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matcher.fields import FieldWish
from matcher.profile import Bandwidth, Level, Mode, Region
from matcher.vocabulary.cefr import CEFR_LEVELS
from matcher.vocabulary.isced import FIELDS as ALL_FIELDS
from matcher.vocabulary.isced import UNKNOWN_FIELDS
from matcher.vocabulary.tools import tool_name
from webapp.i18n import locale
from webapp.profiles.models import CourseState
from webapp.profiles.vocabulary_texts import FIELDS, GOALS, SKILLS


class Experience(StrEnum):
    """How much virtual exchange a lecturer has done."""

    NONE = "none"
    SOME = "some"
    EXPERIENCED = "experienced"


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""As slots of a course name them."""

LEVELS = {
    Level.SECONDARY: _l("Secondary school"),
    Level.TVET: _l("Vocational training (TVET)"),
    Level.BACHELOR: _l("Bachelor"),
    Level.MASTER: _l("Master"),
    Level.DOCTORAL: _l("Doctorate"),
    Level.LIFELONG: _l("Lifelong learning"),
}
MODES = {
    Mode.SYNCHRONOUS: _l("Live: the classes meet in video calls"),
    Mode.ASYNCHRONOUS: _l("In each one's own time: no meeting hours needed"),
    Mode.MIXED: _l("Mixed: some live meetings, the rest in each one's own time"),
}
BANDWIDTHS = {
    Bandwidth.LOW: _l("Low: text and pictures work, video often does not"),
    Bandwidth.MEDIUM: _l("Medium: one video call works for most students"),
    Bandwidth.HIGH: _l("High: video works for everybody"),
}
REGIONS = {Region.ASIA: _l("Asia"), Region.EUROPE: _l("Europe")}
FIELD_WISHES = {
    FieldWish.SAME: _l("The same field as ours"),
    FieldWish.ADJACENT: _l("A neighbouring field, as psychology is to economics"),
    FieldWish.COMPLEMENTARY: _l("A field that complements ours: one its classes often work with"),
    FieldWish.ANY: _l("Any field of education"),
}
COURSE_STATES = {
    CourseState.DRAFT: _l("Draft"),
    CourseState.OPEN: _l("Open for partners"),
    CourseState.PAUSED: _l("Paused"),
    CourseState.WITHDRAWN: _l("Withdrawn"),
}
COURSE_TONES = {
    CourseState.DRAFT: "talk",
    CourseState.OPEN: "fits",
    CourseState.PAUSED: "talk",
    CourseState.WITHDRAWN: "plain",
}
EXPERIENCES = {
    Experience.NONE: _l("None yet: this would be the first"),
    Experience.SOME: _l("Some: one or two exchanges"),
    Experience.EXPERIENCED: _l("Experienced: three exchanges or more"),
}
CEFR_MEANINGS = {
    "A1": _l("A1: first words and phrases"),
    "A2": _l("A2: simple everyday talk"),
    "B1": _l("B1: familiar topics, with effort"),
    "B2": _l("B2: discusses most topics, also of the subject"),
    "C1": _l("C1: works fluently in the language"),
    "C2": _l("C2: like a native speaker"),
}
CEFR_NAMES = {
    "A1": _l("A1 (beginner)"),
    "A2": _l("A2 (elementary)"),
    "B1": _l("B1 (intermediate)"),
    "B2": _l("B2 (upper intermediate)"),
    "C1": _l("C1 (advanced)"),
    "C2": _l("C2 (proficient)"),
}
TOOL_KINDS = {
    "meeting": _l("Video meetings"),
    "documents": _l("Writing and files together"),
    "whiteboard": _l("Whiteboards and design"),
    "course platform": _l("Course platforms"),
    "messages": _l("Messages"),
    "social media": _l("Social media"),
    "video": _l("Video"),
    "quiz": _l("Quizzes and polls"),
}


def level_label(level: str | None) -> str:
    """Name a level of course; empty when unknown."""
    return str(LEVELS[Level(level)]) if level else ""


def mode_label(mode: str | None) -> str:
    """Say how the classes work together; empty when unknown."""
    return str(MODES[Mode(mode)]) if mode else ""


def bandwidth_label(bandwidth: str | None) -> str:
    """Say what the students' connections carry; empty when unknown."""
    return str(BANDWIDTHS[Bandwidth(bandwidth)]) if bandwidth else ""


def region_label(region: str | None) -> str:
    """Name a region; empty outside ASEM."""
    return str(REGIONS[Region(region)]) if region else ""


def field_wish_label(wish: str | None) -> str:
    """Say which field of education is wished for in a partner; empty when nothing is said."""
    return str(FIELD_WISHES[FieldWish(wish)]) if wish else ""


def course_state_label(state: CourseState) -> str:
    """Name the state of a course."""
    return str(COURSE_STATES[state])


def course_state_tone(state: CourseState) -> str:
    """Give the tone a state is shown in: fits, talk or plain."""
    return COURSE_TONES[state]


def experience_label(experience: str | None) -> str:
    """Say how much virtual exchange a lecturer has done; empty when not stated."""
    return str(EXPERIENCES[Experience(experience)]) if experience else ""


def cefr_name(level: str) -> str:
    """Name a level of the CEFR in two words, for sentences and cards: "B2 (upper intermediate)"."""
    return str(CEFR_NAMES.get(level, level))


def cefr_label(level: str | None) -> str:
    """Name a language level with its meaning; empty when not stated."""
    return str(CEFR_MEANINGS[level]) if level in CEFR_LEVELS else ""


def isced_label(code: str | None) -> str:
    """Name a field of education.

    Parameters
    ----------
    code
        ISCED-F 2013 code of two to four digits.

    Returns
    -------
    str
        Its name. Codes for what lies beside the named fields speak through the field they belong to: 0610 and
        0619 as the narrow field 061, 0688 as that field together with others. Empty when unknown.
    """
    if not code or code in UNKNOWN_FIELDS or code not in ALL_FIELDS:
        return ""
    if code in FIELDS:
        return str(_(FIELDS[code]))
    parent = next(code[:n] for n in (3, 2) if code[:n] in FIELDS)
    name = _(FIELDS[parent])
    if code.endswith("8"):
        return str(_("%(field)s together with other fields", field=name))
    return str(_("%(field)s, other", field=name) if code.endswith("9") else name)


def sdg_label(goal: int) -> str:
    """Name a Sustainable Development Goal with its number."""
    return str(_("SDG %(number)d: %(title)s", number=goal, title=_(GOALS[goal])))


def skill_label(skill: str) -> str:
    """Name a skill given by id; free text stays as it is."""
    name = str(_(SKILLS[skill])) if skill in SKILLS else skill
    return name[:1].upper() + name[1:]


def tool_label(tool: str) -> str:
    """Name a tool given by id; free text stays as it is."""
    return str(_("Email")) if tool == "email" else tool_name(tool)


def tool_kind_label(kind: str) -> str:
    """Name a kind of tool."""
    return str(TOOL_KINDS[kind])


def weekday_label(weekday: str) -> str:
    """Name a weekday given as ``mon`` to ``sun``."""
    names = locale().days["stand-alone"]["wide"]
    return str(names[WEEKDAYS.index(weekday)])
