"""Which institutions a coordinator works for: those of some countries, those of a network, or all."""

import json

import sqlalchemy as sa

from webapp.access import Role
from webapp.accounts.models import User
from webapp.institutions.models import Institution


def is_of_all(user: User) -> bool:
    """Whether a person works for all institutions: an administrator, or a coordinator without countries and network."""
    return user.role is Role.ADMINISTRATOR or (
        user.role is Role.COORDINATOR and not user.countries and not user.network
    )


def covers(user: User, institution: Institution) -> bool:
    """Whether a coordinator or an administrator works for an institution; False for every other role."""
    if is_of_all(user):
        return True
    if user.role is not Role.COORDINATOR:
        return False
    return institution.country in user.countries or bool(user.network and user.network in institution.networks)


def condition(user: User) -> sa.ColumnElement[bool]:
    """Give the same question for a query that joins `Institution`."""
    if is_of_all(user):
        return sa.true()
    if user.role is not Role.COORDINATOR:
        return sa.false()
    of_network = sa.cast(Institution.networks, sa.Text).contains(json.dumps(user.network), autoescape=True)
    return sa.or_(Institution.country.in_(user.countries), of_network if user.network else sa.false())
