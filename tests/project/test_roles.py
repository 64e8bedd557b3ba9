"""The table of roles: what it says is printed for readers, nothing is missing from it, and what is done is logged.

``CAUSEWAY_PRINT_ROLES=1 pytest tests/project/test_roles.py`` prints ``docs/roles.md`` anew.
"""

import os
from itertools import groupby

import pytest
from flask import Flask

from config import ROOT, Settings
from webapp import create_app
from webapp.audit.labels import ACTION_LABELS
from webapp.roles import ROUTES
from webapp.standings import EVERYONE, SIGNED_IN, WORDS, Standing

S = Standing
DOCUMENT = ROOT / "docs" / "roles.md"
HEAD = """# What each may see and do

Printed by `tests/project/test_roles.py` out of `webapp/roles.py`, where each page and each form has its line; the
service does not start without it, and `tests/project/test_access_walk.py` walks every line as everybody, with things of
their own and of others. "Own" is the lecturer whose course, match, file or search it is.
"""


def printed(app: Flask) -> str:
    """The table as a document, a part for each folder."""
    parts = [HEAD]
    for folder, names in groupby(sorted(ROUTES), key=lambda name: name.partition(".")[0]):
        columns = " | ".join(WORDS[one] for one in Standing)
        parts.append(f"\n## {folder}\n\n| | {columns} |\n|{' --- |' * (len(Standing) + 1)}\n")
        for name in names:
            said = (app.view_functions[name].__doc__ or "Files that belong to the pages.").strip().splitlines()[0]
            ticks = " | ".join("yes" if one in ROUTES[name] else "–" for one in Standing)
            parts.append(f"| {said.replace('|', '/')} `{name}` | {ticks} |\n")
    return "".join(parts)


def test_the_printed_table_is_the_one_in_the_code(app: Flask) -> None:
    text = printed(app)
    if os.environ.get("CAUSEWAY_PRINT_ROLES"):
        DOCUMENT.write_text(text, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == text


def test_the_service_does_not_start_with_a_route_the_table_does_not_know(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(ROUTES, "rounds.publish")
    with pytest.raises(RuntimeError, match=r"rounds\.publish"):
        create_app(settings)


def test_nor_with_a_line_whose_route_is_gone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ROUTES, "rounds.of_former_times", frozenset({S.ADMINISTRATOR}))
    with pytest.raises(RuntimeError, match=r"rounds\.of_former_times"):
        create_app(settings)


@pytest.mark.parametrize("who", [{S.ADMINISTRATOR, S.OFFICE}, {S.OFFICE}, {S.STRANGER, S.ADMINISTRATOR}])
def test_nor_with_a_line_that_says_otherwise_than_the_view(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, who: set[Standing]
) -> None:
    monkeypatch.setitem(ROUTES, "mail.index", frozenset(who))
    with pytest.raises(RuntimeError, match=r"mail\.index"):
        create_app(settings)


POWERFUL = {
    S.OFFICE, S.OTHER_OFFICE, S.COORDINATOR_HERE, S.COORDINATOR_ELSEWHERE, S.COORDINATOR, S.ADMINISTRATOR,
}  # fmt: skip
LOGGED: dict[str, set[str]] = {
    "accounts.add_requested": {"institutions.add"},
    "accounts.change_role": {"accounts.change_role"},
    "accounts.decline_requested": {"institutions.decline"},
    "accounts.hand_over_now": {"accounts.hand_over"},
    "accounts.invite": {"accounts.invite"},
    "accounts.invite_again": {"accounts.invite_again"},
    "accounts.refuse": {"accounts.refuse"},
    "accounts.set_signing": {"accounts.set_signing"},
    "accounts.verify": {"accounts.verify"},
    "accounts.withdraw_invite": {"accounts.withdraw_invite"},
    "institutions.add": {"institutions.add"},
    "institutions.add_agreement": {"institutions.agreement_add"},
    "institutions.add_term": {"institutions.add_term"},
    "institutions.delete_term": {"institutions.delete_term"},
    "institutions.remove_agreement": {"institutions.agreement_remove"},
    "institutions.save_agreement": {"institutions.agreement_change"},
    "institutions.save_identity": {"institutions.identify"},
    "institutions.save_policy": {"institutions.policy"},
    "institutions.save_term": {"institutions.edit_term"},
    "institutions.update": {"institutions.edit"},
    "mail.try_again": {"mail.try_again"},
    "mail.try_all_again": {"mail.try_all_again"},
    "matches.approve_many": {"matches.approve", "matches.endorse"},
    "matches.decide": {"matches.approve", "matches.endorse", "matches.return", "matches.decline", "matches.withdraw"},
    "offices.add_target": {"offices.add_target"},
    "offices.change_target": {"offices.change_target"},
    "offices.decide_import": {"offices.import"},
    "offices.export_now": {"offices.export"},
    "offices.undo_import": {"offices.undo_import"},
    "offices.remove_target": {"offices.remove_target"},
    "rounds.choose_dial": {"rounds.choose_dial"},
    "rounds.decide_pair": {"rounds.lock", "rounds.forbid"},
    "rounds.discard": {"rounds.discard"},
    "rounds.publish": {"rounds.publish"},
    "rounds.run_again": {"rounds.start"},
    "rounds.run_at": {"rounds.start"},
    "rounds.send_letter": {"rounds.write"},
    "rounds.set_places": {"rounds.places"},
    "rounds.start": {"rounds.start"},
    "rounds.stop": {"rounds.stop"},
    "rounds.take_back": {"rounds.take_back"},
    "rounds.undo_pair": {"rounds.undo_pair"},
    "rounds.undo_places": {"rounds.undo_places"},
}
"""What each form of an office, a coordinator or an administrator leaves in the audit log."""
FOR_ONESELF = {"directory.keep", "offices.upload"}
"""Forms that change nothing of anybody else's: a search one keeps, a file that waits for a decision."""
BY_INVITATION = {"accounts.join", "accounts.decline_invite"}
"""What somebody does by the power of an invitation."""


def test_all_that_is_done_by_the_power_of_a_role_has_its_line_in_the_audit_log(app: Flask) -> None:
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    powerful = {name for name in posts if ROUTES[name] & POWERFUL and ROUTES[name] not in (EVERYONE, SIGNED_IN)}
    assert powerful == set(LOGGED) | FOR_ONESELF
    assert not set(LOGGED) & FOR_ONESELF
    assert set().union(*LOGGED.values()) | BY_INVITATION == set(ACTION_LABELS)
