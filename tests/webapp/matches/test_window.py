"""The proposed window: the first run long enough, away from first and last weeks where there is room."""

from datetime import date
from typing import Any

from tests.webapp.matches.conftest import Scene
from tests.webapp.matches.samples import explanation, weeks
from webapp.matches import window, wording


def proposed(scene: Scene, n_a: int | None = None, n_b: int | None = None, **stored: Any) -> window.Window:
    scene.match.course_a.weeks_wanted, scene.match.course_b.weeks_wanted = n_a, n_b
    found = window.propose(scene.match, wording.read(explanation(**stored)))
    assert found is not None
    return found


def test_hanoi_and_lisbon_get_six_weeks_after_the_break(scene: Scene) -> None:
    # Shared: 1 March, then 15 March to 10 May; 1 March is Lisbon's first week, 10 May Hanoi's last.
    found = proposed(scene, 4, 6)
    assert found.weeks == weeks(date(2027, 3, 15), 6)
    assert found.words == "Proposed for the exchange: 6 weeks, Mon, 15 Mar 2027 to Fri, 23 Apr 2027."
    assert found.why == (
        "It is as long as the side with the longer wish wants. It leaves out the first and last week of teaching on"
        " either side, when classes have little time."
    )


def test_first_and_last_weeks_are_used_when_there_is_no_room(scene: Scene) -> None:
    found = proposed(scene, 9)
    assert found.weeks == weeks(date(2027, 3, 15), 9)
    assert "There was no room to leave out" in found.why


def test_one_week_stays_away_from_the_edge(scene: Scene) -> None:
    assert proposed(scene, 1).weeks == (date(2027, 3, 15),)


def test_the_longest_run_is_taken_when_none_is_long_enough(scene: Scene) -> None:
    found = proposed(scene, 12, 2)
    assert found.weeks == weeks(date(2027, 3, 15), 9)
    assert found.why == "It is the longest run of shared weeks; wished for are 12 weeks."
    short = proposed(scene, shared_weeks=weeks(date(2027, 3, 15), 3))
    assert len(short.weeks) == 3
    assert short.why.endswith("neither side says how many weeks it wants.")


def test_eight_weeks_are_usual_where_nobody_says(scene: Scene) -> None:
    found = proposed(scene)
    assert len(found.weeks) == 8
    assert found.why.startswith("Neither side says how many weeks it wants; eight are usual.")


def test_without_shared_weeks_nothing_is_proposed(scene: Scene) -> None:
    assert window.propose(scene.match, wording.read(explanation(shared_weeks=()))) is None
    assert window.propose(scene.match, wording.read({})) is None


def test_runs_break_where_a_week_is_missing() -> None:
    mondays = [*weeks(date(2027, 3, 1), 2), *weeks(date(2027, 3, 22), 3)]
    assert list(map(len, window.runs_of(mondays))) == [2, 3]
