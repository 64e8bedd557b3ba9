"""A round with a dial: three Vietnamese places for two Portuguese courses and a French one that is worth less."""

from typing import Any

from tests import factories
from webapp.access import Role
from webapp.db import db
from webapp.rounds.models import Round


def frontier(pairs: dict[float, list[tuple[int, int]]], present: float, quality: dict[float, float]) -> dict[str, Any]:
    """What `frontiers.trace` would keep, made by hand for two countries and three institutions in Europe."""
    points = []
    for balance in sorted(pairs):
        its = pairs[balance]
        n_french = len({b for _, b in its}) - 2 if len({b for _, b in its}) > 2 else 0
        points.append(
            {
                "balance": balance,
                "quality": quality[balance],
                "price": 1 - quality[balance] / quality[min(pairs)],
                "imbalance": 1.0 - balance / 2,
                "n_pairs": len(its),
                "coverage_a": len({a for a, _ in its}) / 3,
                "coverage_b": len({b for _, b in its}) / 3,
                "gini": {f"{side}-{level}": 0.4 - balance / 4 for side in "ab" for level in LEVELS},
                "served": {f"{side}-{level}": [1 + n_french, 2] for side in "ab" for level in LEVELS},
                "given": [[len(its)], [len(its)], [len(its) - n_french, n_french], [len(its) - n_french, n_french]],
                "pairs": [list(pair) for pair in its],
            }
        )
    return {
        "positions": [n / 20 for n in range(21)],
        "present": present,
        "n_a": 3,
        "n_b": 3,
        "n_candidates": 9,
        "gap": 0.0,
        "groups": [
            {
                "side": "a",
                "level": "institution",
                "names": [["Hanoi University", "VN"]],
                "offered": [3],
                "shares": [3.0],
            },
            {"side": "a", "level": "country", "names": [["", "VN"]], "offered": [3], "shares": [3.0]},
            {
                "side": "b",
                "level": "institution",
                "names": [["University of Lisbon", "PT"], ["Sorbonne Université", "FR"]],
                "offered": [4, 2],
                "shares": [2.0, 1.0],
            },
            {
                "side": "b",
                "level": "country",
                "names": [["", "PT"], ["", "FR"]],
                "offered": [4, 2],
                "shares": [2.0, 1.0],
            },
        ],
        "points": points,
    }


LEVELS = ("course", "institution", "country")


def stage(**fields: Any) -> dict[str, int]:
    """Add people, courses and a round whose dial stands at 0; ids by name. Inside an app context, committed."""
    hanoi = factories.institution()
    lisbon = factories.institution("University of Lisbon", "PT")
    paris = factories.institution("Sorbonne Université", "FR")
    mai = factories.user("mai@hanu.example", at=hanoi)
    rui = factories.user("rui@ulisboa.example", at=lisbon)
    zoe = factories.user("zoe@sorbonne.example", at=paris)
    asia = [factories.course(mai, title).id for title in ("Urban water", "Rice and rivers", "Harbours")]
    europe = [factories.course(rui, "Rivers and cities").id, factories.course(rui, "Coasts").id]
    europe.append(factories.course(zoe, "Parisian ponds").id)
    crowded = [(asia[0], europe[0]), (asia[1], europe[0]), (asia[2], europe[1])]
    even = [(asia[0], europe[0]), (asia[1], europe[2]), (asia[2], europe[1])]
    grid = [n / 20 for n in range(21)]
    kept = frontier(
        {at: crowded if at < 0.3 else even for at in grid}, 0.0, {at: 2.0 if at < 0.3 else 1.942 for at in grid}
    )
    this_round = factories.round_(balance=0.0, frontier=kept, n_matches=3, **fields)
    factories.round_("2026-W47")
    ids = {
        "round": this_round.id,
        "coordinator": factories.user("coordinator@asem.example", Role.COORDINATOR, name="Noor Haddad").id,
        "of_portugal": factories.user("portugal@asem.example", Role.COORDINATOR, countries=["PT"]).id,
        "administrator": factories.user("root@asem.example", Role.ADMINISTRATOR).id,
        "office": factories.user("office@hanu.example", Role.OFFICE, hanoi).id,
        "lecturer": mai.id,
        "water": asia[0],
        "rice": asia[1],
        "rivers": europe[0],
        "ponds": europe[2],
    }
    db.session.commit()
    return ids


def the_round(round_id: int) -> Round:
    """The round, inside an app context."""
    return db.session.get_one(Round, round_id)
