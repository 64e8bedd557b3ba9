"""What an export of a house asks of the database: one query a table, however much there is."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.institutions import policy_queries
from webapp.institutions.models import InstitutionTerm, PartnerAgreement
from webapp.matches.lifecycle import Action
from webapp.matches.models import Match, MatchEvent, PlanVersion
from webapp.offices.exporting import STEPS, Everything
from webapp.offices.filters import Wanted
from webapp.offices.queries import both_sides, targets_of, within
from webapp.profiles.models import CourseProfile


def everything(institution_id: int) -> Everything:
    """Load what an institution has here."""
    all_matches = within(institution_id, Wanted(standing="all"))
    courses = (
        sa.select(CourseProfile)
        .where(CourseProfile.institution_id == institution_id)
        .options(joinedload(CourseProfile.lecturer), joinedload(CourseProfile.institution))
        .order_by(CourseProfile.id)
    )
    lecturers = (
        sa.select(User)
        .where(User.institution_id == institution_id, User.role == Role.LECTURER, User.closed_at.is_(None))
        .order_by(User.name, User.id)
    )
    matches = sa.select(Match).where(*all_matches).options(*both_sides()).order_by(Match.id)
    approvals = (
        sa.select(MatchEvent, PlanVersion.number, PlanVersion.sha256)
        .outerjoin(PlanVersion, PlanVersion.id == MatchEvent.plan_id)
        .where(
            MatchEvent.match_id.in_(sa.select(Match.id).where(*all_matches)),
            MatchEvent.action.in_(STEPS),
        )
        .options(joinedload(MatchEvent.actor))
        .order_by(MatchEvent.match_id, MatchEvent.id)
    )
    agreements = (
        sa.select(PartnerAgreement)
        .where(PartnerAgreement.institution_id == institution_id)
        .options(joinedload(PartnerAgreement.partner))
        .order_by(PartnerAgreement.id)
    )
    of_matches = sa.select(Match.id).where(*all_matches)
    steps = (
        sa.select(MatchEvent)
        .where(MatchEvent.match_id.in_(of_matches))
        .options(joinedload(MatchEvent.actor))
        .order_by(MatchEvent.match_id, MatchEvent.id)
    )
    plans = (
        sa.select(PlanVersion)
        .where(PlanVersion.match_id.in_(of_matches))
        .order_by(PlanVersion.match_id, PlanVersion.number)
    )
    colleagues = (
        sa.select(User)
        .where(
            User.institution_id == institution_id,
            User.role == Role.OFFICE,
            User.closed_at.is_(None),
            User.confirmed_at.is_not(None),
        )
        .order_by(User.name, User.id)
    )
    terms = (
        sa.select(InstitutionTerm)
        .where(InstitutionTerm.institution_id == institution_id)
        .order_by(InstitutionTerm.starts_on, InstitutionTerm.id)
    )
    return Everything(
        courses=db.session.scalars(courses).all(),
        lecturers=db.session.scalars(lecturers).all(),
        matches=db.session.scalars(matches).all(),
        approvals=[
            (event, number, sha256)
            for event, number, sha256 in db.session.execute(approvals).tuples()
            if event.action is not Action.DECLINE or (event.actor and event.actor.role is Role.OFFICE)
        ],
        agreements=db.session.scalars(agreements).all(),
        steps=db.session.scalars(steps).all(),
        plans=db.session.scalars(plans).all(),
        colleagues=db.session.scalars(colleagues).all(),
        terms=db.session.scalars(terms).all(),
        targets=targets_of(institution_id),
        policy=policy_queries.of(institution_id),
    )
