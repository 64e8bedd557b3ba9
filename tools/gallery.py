"""Every page of the service as a picture: phone and desk, light and dark, in ``var/screenshots``.

    python -m tools.gallery [WORD ...]

Words keep to the pages whose names contain one of them.

Who looks at a page with pictures of all others beside it sees what no test does: what is ugly. The gallery also
measures what can be measured: pages wider than their window, raw codes where a name should stand, empty boxes.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

import config
from tools.browser import FLAGS, find, open_prepared, sign_in_as
from tools.gallery_rounds import staged_draft
from tools.gallery_staging import staged, staged_agreement, staged_digest, staged_plan
from tools.screenshots import demonstrated
from webapp.accounts import queries as people
from webapp.accounts.tokens import Purpose, sign
from webapp.db import db
from webapp.demo.people import ADMINISTRATOR, COORDINATOR, PASSWORD
from webapp.matches import approval_links
from webapp.matches.models import Match
from webapp.rounds import queries as rounds

FOLDER = config.ROOT / "var" / "screenshots"
SIZES = {"desk": (1280, 900), "phone": (360, 780)}
SCHEMES = ("light", "dark")

STRANGER, LECTURER, OFFICE = "stranger", "lecturer", "office"

PAGES: dict[str, tuple[str, ...]] = {
    "home.index": (STRANGER, LECTURER, OFFICE, COORDINATOR),
    "home.awaited": (COORDINATOR,),
    "accounts.sign_in": (STRANGER,),
    "accounts.sign_up": (STRANGER,),
    "accounts.mail_sent": (STRANGER,),
    "accounts.confirm": (STRANGER,),
    "accounts.forgot": (STRANGER,),
    "accounts.reset": (STRANGER,),
    "accounts.unsubscribe": (STRANGER,),
    "accounts.privacy": (STRANGER,),
    "accounts.missing_institution": (STRANGER,),
    "accounts.preferences": (LECTURER,),
    "own_data.leave": (LECTURER,),
    "accounts.people": (OFFICE, ADMINISTRATOR),
    "accounts.members": (OFFICE, ADMINISTRATOR),
    "accounts.person": (OFFICE, ADMINISTRATOR),
    "accounts.invites": (OFFICE,),
    "accounts.invitation": (STRANGER,),
    "own_data.not_me": (STRANGER,),
    "accounts.hand_over": (OFFICE,),
    "accounts.audit": (OFFICE, ADMINISTRATOR),
    "accounts.institution_request_list": (ADMINISTRATOR,),
    "accounts.institution_request": (ADMINISTRATOR,),
    "offices.balance": (OFFICE, COORDINATOR),
    "offices.new_target": (OFFICE,),
    "offices.target": (OFFICE,),
    "offices.new_import": (OFFICE,),
    "offices.show_import": (OFFICE,),
    "offices.ask_undo": (OFFICE,),
    "offices.export": (OFFICE,),
    "institutions.new": (ADMINISTRATOR,),
    "institutions.show": (LECTURER, OFFICE),
    "institutions.edit": (OFFICE,),
    "institutions.identity": (ADMINISTRATOR,),
    "institutions.terms": (OFFICE,),
    "institutions.term": (OFFICE,),
    "institutions.policy": (OFFICE,),
    "institutions.agreements": (OFFICE,),
    "institutions.new_agreement": (OFFICE,),
    "institutions.agreement": (OFFICE,),
    "mail.index": (ADMINISTRATOR,),
    "profiles.index": (LECTURER,),
    "profiles.new": (LECTURER,),
    "profiles.edit": (LECTURER,),
    "profiles.show": (LECTURER, OFFICE),
    "profiles.lecturer": (LECTURER,),
    "matches.index": (LECTURER,),
    "matches.show": (LECTURER, OFFICE, COORDINATOR),
    "matches.approvals": (OFFICE,),
    "matches.preview_approvals": (OFFICE,),
    "matches.open_link": (STRANGER,),
    "plans.show": (LECTURER, OFFICE),
    "plans.version": (OFFICE,),
    "plans.edit": (LECTURER,),
    "conversations.show": (LECTURER,),
    "directory.index": (LECTURER,),
    "directory.show": (LECTURER,),
    "directory.fits": (LECTURER,),
    "directory.invite": (LECTURER,),
    "directory.saved": (LECTURER,),
    "directory.new_saved": (LECTURER,),
    "directory.stop_mail": (STRANGER,),
    "imports.new": (LECTURER,),
    "imports.show": (LECTURER,),
    "insights.index": (STRANGER,),
    "insights.network": (COORDINATOR,),
    "insights.reach_page": (COORDINATOR,),
    "digests.index": (COORDINATOR,),
    "digests.show": (COORDINATOR,),
    "rounds.index": (COORDINATOR,),
    "rounds.show": (COORDINATOR,),
    "rounds.left_out": (COORDINATOR,),
    "rounds.letter": (COORDINATOR,),
    "rounds.pair": (COORDINATOR,),
    "rounds.preview": (COORDINATOR,),
    "rounds.compare": (COORDINATOR,),
    "rounds.decisions": (COORDINATOR,),
    "rounds.new_decision": (COORDINATOR,),
    "rounds.places": (COORDINATOR,),
    "rounds.dial": (COORDINATOR,),
    "rounds.why_not_pair": (COORDINATOR,),
    "rounds.why_not_course": (COORDINATOR,),
    "rounds.dial_courses": (COORDINATOR,),
}
"""Who looks at each page; pages with another's data are seen by each kind of person that may."""

NO_PAGES = frozenset(
    {
        "static",
        "home.healthz",
        "institutions.options",
        "institutions.mine",
        "offices.mine",
        "offices.balance_file",
        "offices.import_template",
        "accounts.audit_file",
        "calendar.show",
        "rounds.progress",
        "rounds.digests",
        "conversations.attachment",
        "conversations.calendar_file",
        "own_data.download",
        "imports.template",
        "plans.download",
        "imports.export",
        "insights.public_file",
        "insights.network_file",
        "insights.asem_file",
        "insights.asem_dictionary",
        "insights.reach_file",
    }
)
"""Files and parts of pages."""

OF_OTHERS = frozenset({"directory.show", "directory.invite"})
"""Pages about somebody else's course."""

OF_DRAFTS = frozenset({"rounds.pair", "rounds.preview", "rounds.compare"})
"""Pages of a round nobody has published yet."""

RAW_CODE = re.compile(r"\b(?:0\d{3}|ISCED \d+)\b(?![-:/.\d])")


@dataclass(frozen=True)
class Shot:
    """One page as one person sees it.

    Parameters
    ----------
    name
        Beginning of its files.
    path
        The page.
    person
        Mail address of who is looking; empty for a stranger.
    """

    name: str
    path: str
    person: str


def shots(app: Flask, match: Match) -> list[Shot]:
    """List what the gallery shows, around one match of the demonstration; inside an app context."""
    lecturer = match.course_a.lecturer
    office = people.offices_of(lecturer.institution_id or 0)[0]
    addresses = {STRANGER: "", LECTURER: lecturer.email, OFFICE: office.email}
    kept = staged(app, lecturer)
    values: dict[str, Any] = {
        **kept,
        "course_id": match.course_a_id,
        "match_id": match.id,
        "round_id": match.round_id,
        "number": 2,
        "accounts.confirm": sign(Purpose.CONFIRM, lecturer),
        "accounts.reset": sign(Purpose.RESET, lecturer),
        "accounts.unsubscribe": sign(Purpose.UNSUBSCRIBE, lecturer),
        "agreement_id": staged_agreement(match),
        "issue_id": staged_digest(COORDINATOR),
    }
    drafted = staged_draft(app, match.round_id or 0)
    planned = staged_plan(app, match)
    asked = people.offices_of(planned.course_a.institution_id)[0]
    at_plan = {LECTURER: planned.course_a.lecturer.email, OFFICE: asked.email}
    values["matches.open_link"] = approval_links.sign(asked, planned)
    found = []
    with app.test_request_context():
        for endpoint, viewers in PAGES.items():
            rule = next(
                rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint and "GET" in rule.methods
            )
            of_page = values | drafted if endpoint in OF_DRAFTS else values
            given = {name: of_page[endpoint if name == "token" else name] for name in rule.arguments}
            if endpoint == "rounds.why_not_pair":
                given |= {"a": drafted["a"], "b": drafted["b"], "cost": ""}
            if endpoint == "rounds.dial_courses":
                given["at"] = 0
            if endpoint == "matches.preview_approvals":
                given["match"] = planned.id
            if endpoint == "rounds.letter":
                given["course_id"] = rounds.left_out_of(match.round_id or 0)[0].course_id
            if endpoint == "offices.ask_undo":
                given["bulk_id"] = values[endpoint]
            if endpoint in OF_OTHERS:
                given["course_id"] = match.course_b_id
            if endpoint.startswith("plans.") or endpoint == "matches.open_link":
                given["match_id"] = planned.id
            path = app.url_for(endpoint, **given, _external=False)
            for viewer in viewers:
                who = viewer.partition("@")[0]
                name = endpoint.replace(".", "-") + (f"-{who}" if len(viewers) > 1 else "")
                whom = at_plan if endpoint.startswith(("plans.", "matches.approvals", "matches.preview")) else addresses
                found.append(Shot(name, path, whom.get(viewer, viewer)))
    db.session.rollback()
    return found


def problems(page: Page) -> Iterator[str]:
    """Tell what is wrong with a page as far as a program can see it."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        yield f"{wide} px wider than the window"
    text = page.inner_text("main")
    yield from (f"raw code {code}" for code in sorted(set(RAW_CODE.findall(text))))
    empty = page.evaluate(
        """() => [...document.querySelectorAll("main section, main article, main ul, main ol, main table")]
            .filter(box => box.checkVisibility() && !box.innerText.trim())
            .filter(box => !box.querySelector("svg, img, input"))
            .map(box => box.tagName.toLowerCase() + "." + box.className)"""
    )
    yield from (f"empty box {box}" for box in empty)


def draw(browser: Browser, address: str, wanted: list[Shot], password: str) -> list[str]:
    """Take every picture, and list what is wrong with the pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    found = []
    for size, (width, height) in SIZES.items():
        for scheme in SCHEMES:
            for person in dict.fromkeys(shot.person for shot in wanted):
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if scheme == "dark" else "light",
                    locale="en-GB",
                    reduced_motion="reduce",
                )
                page = context.new_page()
                if person:
                    sign_in_as(page, address, person, password)
                for shot in (shot for shot in wanted if shot.person == person):
                    answer = open_prepared(page, address + shot.path)
                    page.wait_for_load_state("networkidle")
                    page.screenshot(path=FOLDER / f"{shot.name}-{size}-{scheme}.png", full_page=True)
                    if answer is None or answer.status != 200:
                        found.append(f"{shot.name}: answered {answer.status if answer else 'nothing'}")
                    found += [f"{shot.name} ({size}, {scheme}): {problem}" for problem in problems(page)]
                context.close()
    return found


def main(words: list[str]) -> None:
    """Draw the gallery, or the pages whose names contain one of the words."""
    with tempfile.TemporaryDirectory() as folder, demonstrated(Path(folder)) as (address, app, match_id):
        with app.app_context():
            every = shots(app, db.session.get_one(Match, match_id))
            db.session.remove()
        wanted = [shot for shot in every if not words or any(word in shot.name for word in words)]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
            for problem in draw(browser, address, wanted, PASSWORD):
                print(problem)
            browser.close()
    print(f"{FOLDER.relative_to(config.ROOT)}: {len(wanted)} pages, each for phone and desk, light and dark")


if __name__ == "__main__":
    main(sys.argv[1:])
