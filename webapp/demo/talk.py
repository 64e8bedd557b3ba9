"""A conversation for the demonstration: the two lecturers of the best proposal begin to talk."""

from datetime import datetime, timedelta

from webapp.conversations import meeting_rules, rules
from webapp.conversations.files import check
from webapp.conversations.parties import Party
from webapp.conversations.times import offers
from webapp.db import db
from webapp.demo import people, queries
from webapp.matches.lifecycle import Side

_PLAN = (
    "Week,Together,On each side\n1,Introductions in teams of four,Read the first case\n"
    "2,Compare the two cases,Collect data at home\n3,Draft together,Comment on the other teams\n"
    "4,Present to both classes,Reflect in writing\n"
)
_LINES = (
    (
        Side.A,
        "Good morning! I was glad to see your course among the proposals. My students read a lot about practice "
        "elsewhere and have never asked anybody there.\n\nWould four weeks suit you? And how many students do you "
        "expect?",
    ),
    (
        Side.B,
        "Thank you for writing first. Four weeks would be just right: long enough to get to know each other, and it "
        "ends before our examinations.\n\nI expect about as many students as you. Mixed teams of four?",
    ),
    (
        Side.A,
        "Teams of four it is. I have put a first plan into the file, please change whatever you like.\n\nThis helped "
        "me to think about goals: https://sdgs.un.org/goals",
    ),
    (
        Side.B,
        "The plan reads well. One question: do your students open shared documents on the campus network without "
        "trouble? If not we take something simpler. I have proposed a time, so that we can settle this live.",
    ),
)


def load(now: datetime) -> int:
    """Let the lecturers of the best open proposal of the demonstration talk, once; inside the caller's transaction.

    Parameters
    ----------
    now
        The instant (aware).

    Returns
    -------
    int
        Messages added; 0 before the first round, and when they have talked already.
    """
    match = queries.best_match(people.DOMAIN)
    if match is None or queries.has_messages(match.id):
        return 0
    parties = {side: Party(match, side) for side in Side}
    # The conversation lies between the proposal and now, however short that is.
    step = max(now - match.proposed_at, timedelta(0)) / (len(_LINES) + 1)
    for n, (side, text) in enumerate(_LINES, 1):
        files = [check("plan.csv", _PLAN.encode())] if n == 3 else []
        rules.send(parties[side], match.course(side).lecturer, text, files, match.proposed_at + n * step)
    lecturer = match.course_a.lecturer
    for item in ("groups", "language"):
        rules.tick(parties[Side.A], lecturer, item, done=True, now=now)
    spans = offers(parties[Side.B], now).spans
    if spans:
        meeting_rules.propose(parties[Side.B], match.course_b.lecturer, spans[0][0], 60, "", now)
    db.session.flush()
    return len(_LINES)
