"""offices and coordinators

Revision ID: 5a72043a120c
Revises: 923b796aa99b
Create Date: 2026-11-22 11:14:01.182940+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '5a72043a120c'
down_revision = '923b796aa99b'
branch_labels = None
depends_on = None

ACTIONS = "'propose', 'accept', 'decline', 'approve', 'return', 'withdraw', 'expire', 'start', 'complete', 'maybe'"
STATES = "'proposed', 'accepted', 'approved', 'active', 'completed', 'declined', 'expired', 'withdrawn', 'fell_through'"
ROUND_STATES = "'waiting', 'computing', 'draft', 'published', 'taken_back', 'discarded', 'failed'"


def upgrade():
    op.create_table('approval_policies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('chain', sa.String(length=20), nullable=False),
    sa.Column('second_title', sa.String(length=200), nullable=False),
    sa.Column('needs_agreement', sa.Boolean(), nullable=False),
    sa.Column('answer_days', sa.Integer(), nullable=True),
    sa.Column('asks', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("chain in ('none', 'office', 'office_then_second')", name=op.f('ck_approval_policies_chain_known')),
    sa.CheckConstraint('answer_days is null or answer_days >= 1', name=op.f('ck_approval_policies_answer_days_positive')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_approval_policies_institution_id_institutions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_policies')),
    sa.UniqueConstraint('institution_id', name=op.f('uq_approval_policies_institution_id'))
    )
    op.create_table('balance_targets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=20), nullable=False),
    sa.Column('partner_id', sa.Integer(), nullable=True),
    sa.Column('partner_country', sa.String(length=2), nullable=True),
    sa.Column('at_least', sa.Integer(), nullable=True),
    sa.Column('at_most', sa.Integer(), nullable=True),
    sa.Column('set_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("scope in ('institution', 'country', 'each_institution', 'each_country', 'all')", name=op.f('ck_balance_targets_scope_known')),
    sa.CheckConstraint('at_least is null or at_least >= 0', name=op.f('ck_balance_targets_at_least_not_negative')),
    sa.CheckConstraint('at_least is null or at_most is null or at_least <= at_most', name=op.f('ck_balance_targets_limits_in_order')),
    sa.CheckConstraint('at_most is null or at_most >= 0', name=op.f('ck_balance_targets_at_most_not_negative')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_balance_targets_institution_id_institutions'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['partner_id'], ['institutions.id'], name=op.f('fk_balance_targets_partner_id_institutions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_balance_targets'))
    )
    with op.batch_alter_table('balance_targets', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_balance_targets_institution_id'), ['institution_id'], unique=False)

    op.create_table('institution_terms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('breaks', sa.JSON(), nullable=False),
    sa.CheckConstraint('starts_on <= ends_on', name=op.f('ck_institution_terms_dates_in_order')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_institution_terms_institution_id_institutions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_institution_terms'))
    )
    with op.batch_alter_table('institution_terms', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_institution_terms_institution_id'), ['institution_id'], unique=False)

    op.create_table('partner_agreements',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('partner_id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=200), nullable=False),
    sa.Column('kept_at', sa.String(length=200), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('added_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint('institution_id <> partner_id', name=op.f('ck_partner_agreements_two_institutions')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_partner_agreements_institution_id_institutions'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['partner_id'], ['institutions.id'], name=op.f('fk_partner_agreements_partner_id_institutions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_agreements')),
    sa.UniqueConstraint('institution_id', 'partner_id', 'reference', name=op.f('uq_partner_agreements_institution_id_partner_id_reference'))
    )
    with op.batch_alter_table('partner_agreements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_partner_agreements_institution_id'), ['institution_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partner_agreements_partner_id'), ['partner_id'], unique=False)

    op.create_table('account_invites',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('invited_by_id', sa.Integer(), nullable=True),
    sa.Column('invited_at', sa.DateTime(), nullable=False),
    sa.Column('used_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("role in ('lecturer', 'office')", name=op.f('ck_account_invites_role_known')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_account_invites_institution_id_institutions'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['invited_by_id'], ['users.id'], name=op.f('fk_account_invites_invited_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_invites')),
    sa.UniqueConstraint('institution_id', 'email', name=op.f('uq_account_invites_institution_id_email'))
    )
    with op.batch_alter_table('account_invites', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_invites_email'), ['email'], unique=False)
        batch_op.create_index(batch_op.f('ix_account_invites_institution_id'), ['institution_id'], unique=False)

    op.create_table('audit_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('action', sa.String(length=200), nullable=False),
    sa.Column('object_kind', sa.String(length=200), nullable=False),
    sa.Column('object_id', sa.Integer(), nullable=True),
    sa.Column('object_name', sa.String(length=200), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_audit_events_actor_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_audit_events_institution_id_institutions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_events'))
    )
    with op.batch_alter_table('audit_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_events_action'), ['action'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_events_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_events_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_events_institution_id'), ['institution_id'], unique=False)

    op.create_table('dial_choices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('balance', sa.Double(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint('balance between 0 and 1', name=op.f('ck_dial_choices_balance_in_range')),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_dial_choices_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dial_choices'))
    )
    op.create_table('digest_issues',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('week', sa.String(length=8), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_digest_issues_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_digest_issues')),
    sa.UniqueConstraint('user_id', 'week', name=op.f('uq_digest_issues_user_id_week'))
    )
    with op.batch_alter_table('digest_issues', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_digest_issues_user_id'), ['user_id'], unique=False)

    op.create_table('pair_decisions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_a_id', sa.Integer(), nullable=False),
    sa.Column('course_b_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("kind in ('lock', 'forbid')", name=op.f('ck_pair_decisions_kind_known')),
    sa.CheckConstraint('course_a_id <> course_b_id', name=op.f('ck_pair_decisions_two_courses')),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_pair_decisions_by_id_users')),
    sa.ForeignKeyConstraint(['course_a_id'], ['course_profiles.id'], name=op.f('fk_pair_decisions_course_a_id_course_profiles')),
    sa.ForeignKeyConstraint(['course_b_id'], ['course_profiles.id'], name=op.f('fk_pair_decisions_course_b_id_course_profiles')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pair_decisions')),
    sa.UniqueConstraint('course_a_id', 'course_b_id', name=op.f('uq_pair_decisions_course_a_id_course_b_id'))
    )
    with op.batch_alter_table('pair_decisions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pair_decisions_course_a_id'), ['course_a_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_pair_decisions_course_b_id'), ['course_b_id'], unique=False)

    op.create_table('place_decisions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.CheckConstraint('places >= 0', name=op.f('ck_place_decisions_places_not_negative')),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_place_decisions_by_id_users')),
    sa.ForeignKeyConstraint(['course_id'], ['course_profiles.id'], name=op.f('fk_place_decisions_course_id_course_profiles')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_place_decisions')),
    sa.UniqueConstraint('course_id', name=op.f('uq_place_decisions_course_id'))
    )
    op.create_table('round_pairs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('course_a_id', sa.Integer(), nullable=False),
    sa.Column('course_b_id', sa.Integer(), nullable=False),
    sa.Column('version_a', sa.Integer(), nullable=False),
    sa.Column('version_b', sa.Integer(), nullable=False),
    sa.Column('score', sa.Double(), nullable=False),
    sa.Column('confidence', sa.Double(), nullable=False),
    sa.Column('is_locked', sa.Boolean(), nullable=False),
    sa.Column('explanation', sa.JSON(), nullable=False),
    sa.CheckConstraint('course_a_id <> course_b_id', name=op.f('ck_round_pairs_two_courses')),
    sa.ForeignKeyConstraint(['course_a_id'], ['course_profiles.id'], name=op.f('fk_round_pairs_course_a_id_course_profiles')),
    sa.ForeignKeyConstraint(['course_b_id'], ['course_profiles.id'], name=op.f('fk_round_pairs_course_b_id_course_profiles')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_round_pairs_round_id_rounds')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round_pairs')),
    sa.UniqueConstraint('round_id', 'course_a_id', 'course_b_id', name=op.f('uq_round_pairs_round_id_course_a_id_course_b_id'))
    )
    with op.batch_alter_table('round_pairs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_round_pairs_course_a_id'), ['course_a_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_round_pairs_course_b_id'), ['course_b_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_round_pairs_round_id'), ['round_id'], unique=False)

    op.create_table('plan_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('match_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('document', sa.JSON(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('cause', sa.String(length=20), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("cause in ('accepted', 'edited', 'courses_changed')", name=op.f('ck_plan_versions_cause_known')),
    sa.ForeignKeyConstraint(['made_by_id'], ['users.id'], name=op.f('fk_plan_versions_made_by_id_users')),
    sa.ForeignKeyConstraint(['match_id'], ['matches.id'], name=op.f('fk_plan_versions_match_id_matches')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_versions')),
    sa.UniqueConstraint('match_id', 'number', name=op.f('uq_plan_versions_match_id_number'))
    )
    with op.batch_alter_table('plan_versions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_versions_match_id'), ['match_id'], unique=False)

    with op.batch_alter_table('institutions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('description', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('web_page', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('more_domains', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('credit_system', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('support', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('privacy_regime', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('transfer_basis', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('networks', sa.JSON(), server_default='[]', nullable=False))

    with op.batch_alter_table('left_out_courses', schema=None) as batch_op:
        batch_op.add_column(sa.Column('change', sa.JSON(), nullable=True))

    with op.batch_alter_table('match_events', schema=None) as batch_op:
        batch_op.add_column(sa.Column('plan_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_match_events_plan_id_plan_versions'), 'plan_versions', ['plan_id'], ['id'])

    # Every round so far was published the moment it was computed.
    with op.batch_alter_table('rounds', schema=None) as batch_op:
        batch_op.add_column(sa.Column('published_week', sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column('state', sa.String(length=20), server_default='published', nullable=False))
        batch_op.add_column(sa.Column('taken_back_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('asked_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('settled_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('dial_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('based_on_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('progress', sa.JSON(), server_default='{}', nullable=False))
        batch_op.add_column(sa.Column('error', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('frontier', sa.JSON(), nullable=True))
    op.execute('update rounds set published_week = week')
    with op.batch_alter_table('rounds', schema=None) as batch_op:
        batch_op.alter_column('published_at', existing_type=sa.DateTime(), nullable=True)
        batch_op.alter_column('state', existing_type=sa.String(length=20), server_default=None)
        batch_op.alter_column('progress', existing_type=sa.JSON(), server_default=None)
        batch_op.alter_column('error', existing_type=sa.Text(), server_default=None)
        batch_op.drop_constraint(batch_op.f('uq_rounds_week'), type_='unique')
        batch_op.create_index(batch_op.f('ix_rounds_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_rounds_week'), ['week'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_rounds_published_week'), ['published_week'])
        batch_op.create_check_constraint(batch_op.f('ck_rounds_state_known'), f"state in ({ROUND_STATES})")
        batch_op.create_check_constraint(
            batch_op.f('ck_rounds_week_when_published'), "(published_week is not null) = (state = 'published')"
        )
        batch_op.create_foreign_key(batch_op.f('fk_rounds_based_on_id_rounds'), 'rounds', ['based_on_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_rounds_asked_by_id_users'), 'users', ['asked_by_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_rounds_settled_by_id_users'), 'users', ['settled_by_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_rounds_dial_by_id_users'), 'users', ['dial_by_id'], ['id'])

    with op.batch_alter_table('matches', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_matches_state_known'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_matches_state_known'), f"state in ({STATES}, 'taken_back')")

    with op.batch_alter_table('match_events', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_match_events_action_known'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_match_events_action_known'), f"action in ({ACTIONS}, 'endorse', 'change', 'take_back')"
        )

    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.add_column(sa.Column('signs_for_office', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('signs_as_second', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('is_stand_in', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('countries', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('network', sa.String(length=200), server_default='', nullable=False))



def downgrade():
    # What only these tables can hold goes with them: first steps of two, changed plans, drafts of rounds; matches of
    # a round that was taken back stay as withdrawn ones, and the round as a published one where the week is free.
    op.execute("delete from match_events where action in ('endorse', 'change', 'take_back')")
    op.execute("update matches set state = 'withdrawn' where state = 'taken_back'")
    gone = "select id from rounds where published_at is null"
    for table in ('round_pairs', 'left_out_courses', 'alternates'):
        op.execute(f"delete from {table} where round_id in ({gone})")
    op.execute("update rounds set based_on_id = null")
    op.execute("delete from rounds where published_at is null")
    # Of several rounds published in a week all but one were taken back: theirs get a week of their own.
    op.execute("update rounds set week = 'x' || id where published_week is null")

    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.drop_column('network')
        batch_op.drop_column('countries')
        batch_op.drop_column('is_stand_in')
        batch_op.drop_column('signs_as_second')
        batch_op.drop_column('signs_for_office')

    with op.batch_alter_table('matches', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_matches_state_known'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_matches_state_known'), f"state in ({STATES})")

    with op.batch_alter_table('rounds', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_rounds_dial_by_id_users'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_rounds_settled_by_id_users'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_rounds_asked_by_id_users'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_rounds_based_on_id_rounds'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('ck_rounds_week_when_published'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_rounds_state_known'), type_='check')
        batch_op.drop_constraint(batch_op.f('uq_rounds_published_week'), type_='unique')
        batch_op.drop_index(batch_op.f('ix_rounds_week'))
        batch_op.drop_index(batch_op.f('ix_rounds_state'))
        batch_op.create_unique_constraint(batch_op.f('uq_rounds_week'), ['week'])
        batch_op.alter_column('published_at', existing_type=sa.DateTime(), nullable=False)
        for column in ('frontier', 'error', 'progress', 'based_on_id', 'dial_by_id', 'settled_by_id', 'asked_by_id',
                       'taken_back_at', 'state', 'published_week'):
            batch_op.drop_column(column)

    with op.batch_alter_table('match_events', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_match_events_action_known'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_match_events_action_known'), f"action in ({ACTIONS})")
        batch_op.drop_constraint(batch_op.f('fk_match_events_plan_id_plan_versions'), type_='foreignkey')
        batch_op.drop_column('plan_id')

    with op.batch_alter_table('left_out_courses', schema=None) as batch_op:
        batch_op.drop_column('change')

    with op.batch_alter_table('institutions', schema=None) as batch_op:
        batch_op.drop_column('networks')
        batch_op.drop_column('transfer_basis')
        batch_op.drop_column('privacy_regime')
        batch_op.drop_column('support')
        batch_op.drop_column('credit_system')
        batch_op.drop_column('more_domains')
        batch_op.drop_column('web_page')
        batch_op.drop_column('description')

    with op.batch_alter_table('plan_versions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_versions_match_id'))

    op.drop_table('plan_versions')
    with op.batch_alter_table('round_pairs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_round_pairs_round_id'))
        batch_op.drop_index(batch_op.f('ix_round_pairs_course_b_id'))
        batch_op.drop_index(batch_op.f('ix_round_pairs_course_a_id'))

    op.drop_table('round_pairs')
    op.drop_table('place_decisions')
    with op.batch_alter_table('pair_decisions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pair_decisions_course_b_id'))
        batch_op.drop_index(batch_op.f('ix_pair_decisions_course_a_id'))

    op.drop_table('pair_decisions')
    with op.batch_alter_table('digest_issues', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_digest_issues_user_id'))

    op.drop_table('digest_issues')
    op.drop_table('dial_choices')
    with op.batch_alter_table('audit_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_events_institution_id'))
        batch_op.drop_index(batch_op.f('ix_audit_events_at'))
        batch_op.drop_index(batch_op.f('ix_audit_events_actor_id'))
        batch_op.drop_index(batch_op.f('ix_audit_events_action'))

    op.drop_table('audit_events')
    with op.batch_alter_table('account_invites', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_invites_institution_id'))
        batch_op.drop_index(batch_op.f('ix_account_invites_email'))

    op.drop_table('account_invites')
    with op.batch_alter_table('partner_agreements', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_partner_agreements_partner_id'))
        batch_op.drop_index(batch_op.f('ix_partner_agreements_institution_id'))

    op.drop_table('partner_agreements')
    with op.batch_alter_table('institution_terms', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_institution_terms_institution_id'))

    op.drop_table('institution_terms')
    with op.batch_alter_table('balance_targets', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_balance_targets_institution_id'))

    op.drop_table('balance_targets')
    op.drop_table('approval_policies')
