"""What the points of the first meeting, and problems with files, are called on pages."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from webapp.conversations.files import Problem


@dataclass(frozen=True)
class Point:
    """One point of the list for the first meeting: what to settle, and a question or two that help."""

    title: LazyString
    help: LazyString


CHECKLIST: dict[str, Point] = {
    "groups": Point(
        _l("Introduce yourselves and your classes"),
        _l("How many students, which year, how often do you meet, and is the course required for them?"),
    ),
    "goals": Point(
        _l("Say what your students should learn from the exchange"),
        _l("Each names two goals. Which can only be reached together?"),
    ),
    "language": Point(
        _l("Agree on the working language and on names"),
        _l("How well does each class speak it, how do people wish to be called, and where may translation help?"),
    ),
    "tools": Point(
        _l("Choose tools that open at both places"),
        _l("Try them from both networks before the students do, and name one that works on a slow line."),
    ),
    "calendar": Point(
        _l("Lay both calendars side by side"),
        _l("Mark holidays, examinations and the weeks in which clocks change; write each time on both clocks."),
    ),
    "teams": Point(
        _l("Decide how students work together"),
        _l("Mixed teams of how many? What if one class is much larger than the other?"),
    ),
    "assessment": Point(
        _l("Settle what counts on each side"),
        _l("How much of the mark, who gives it, and does every team know before it starts?"),
    ),
    "privacy": Point(
        _l("Clear data protection and consent"),
        _l("Which data cross the border, are sessions recorded, and who asks the students for their consent?"),
    ),
    "trouble": Point(
        _l("Plan for what may go wrong"),
        _l("What happens when a team falls silent, a line breaks or one of you is ill? Who steps in?"),
    ),
    "next": Point(
        _l("Fix the next meeting"),
        _l("Write down who prepares what until then, and put the time into both calendars."),
    ),
}
"""Points of the first meeting by their code, in the order of the page."""

FILE_PROBLEMS: dict[Problem, LazyString] = {
    Problem.EMPTY: _l("“%(name)s” is empty."),
    Problem.TOO_LARGE: _l("“%(name)s” is larger than 5 MB. Make it smaller, or send a link to it."),
    Problem.UNKNOWN: _l(
        "“%(name)s” is of a kind we cannot take, or it is damaged. Send PDF, Word, Excel, PowerPoint, OpenDocument "
        "text, PNG, JPEG, plain text or CSV."
    ),
    Problem.MACROS: _l("“%(name)s” holds macros. Save it without them and send it again."),
    Problem.SCRIPT: _l("“%(name)s” is a web page or a program, and these are not taken. Send it as a PDF."),
    Problem.OTHER_NAME: _l("The name “%(name)s” does not say what the file is. Give it the right ending."),
}
"""Why a file is not taken; the reader knows it by the name it has on their machine."""
