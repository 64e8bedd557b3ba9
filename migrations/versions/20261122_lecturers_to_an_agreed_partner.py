"""lecturers from sign-up to an agreed partner

Revision ID: 923b796aa99b
Revises: 4b7c1d90a3f6
Create Date: 2026-11-22 08:08:49.169835+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '923b796aa99b'
down_revision = '4b7c1d90a3f6'
branch_labels = None
depends_on = None

ACTIONS = "'propose', 'accept', 'decline', 'approve', 'return', 'withdraw', 'expire', 'start', 'complete'"


def upgrade():
    op.create_table('institution_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('city', sa.String(length=200), nullable=False),
    sa.Column('web_page', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_institution_requests_institution_id_institutions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_institution_requests'))
    )
    op.create_table('browser_sessions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('browser', sa.String(length=200), nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('seen_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_browser_sessions_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_browser_sessions')),
    sa.UniqueConstraint('key', name=op.f('uq_browser_sessions_key'))
    )
    with op.batch_alter_table('browser_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_browser_sessions_user_id'), ['user_id'], unique=False)

    op.create_table('form_drafts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('form', sa.String(length=200), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('saved_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_form_drafts_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form_drafts')),
    sa.UniqueConstraint('user_id', 'form', name=op.f('uq_form_drafts_user_id_form'))
    )
    with op.batch_alter_table('form_drafts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_form_drafts_user_id'), ['user_id'], unique=False)

    op.create_table('import_files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(), nullable=False),
    sa.Column('imported_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_import_files_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_files'))
    )
    with op.batch_alter_table('import_files', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_files_user_id'), ['user_id'], unique=False)

    op.create_table('saved_searches',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('query', sa.JSON(), nullable=False),
    sa.Column('wants_mail', sa.Boolean(), nullable=False),
    sa.Column('saved_at', sa.DateTime(), nullable=False),
    sa.Column('looked_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_saved_searches_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_searches')),
    sa.UniqueConstraint('user_id', 'name', name=op.f('uq_saved_searches_user_id_name'))
    )
    with op.batch_alter_table('saved_searches', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_saved_searches_user_id'), ['user_id'], unique=False)

    op.create_table('checklist_ticks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('match_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(length=40), nullable=False),
    sa.Column('ticked_by_id', sa.Integer(), nullable=True),
    sa.Column('ticked_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['match_id'], ['matches.id'], name=op.f('fk_checklist_ticks_match_id_matches')),
    sa.ForeignKeyConstraint(['ticked_by_id'], ['users.id'], name=op.f('fk_checklist_ticks_ticked_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checklist_ticks')),
    sa.UniqueConstraint('match_id', 'item', name=op.f('uq_checklist_ticks_match_id_item'))
    )
    with op.batch_alter_table('checklist_ticks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_checklist_ticks_match_id'), ['match_id'], unique=False)

    op.create_table('meetings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('match_id', sa.Integer(), nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=True),
    sa.Column('starts_at', sa.DateTime(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(), nullable=False),
    sa.Column('agreed_at', sa.DateTime(), nullable=True),
    sa.Column('called_off_at', sa.DateTime(), nullable=True),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.CheckConstraint('minutes between 10 and 480', name=op.f('ck_meetings_minutes_sensible')),
    sa.ForeignKeyConstraint(['match_id'], ['matches.id'], name=op.f('fk_meetings_match_id_matches')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['users.id'], name=op.f('fk_meetings_proposed_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meetings'))
    )
    with op.batch_alter_table('meetings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meetings_match_id'), ['match_id'], unique=False)

    op.create_table('messages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('match_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('sent_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_messages_author_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['match_id'], ['matches.id'], name=op.f('fk_messages_match_id_matches')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages'))
    )
    with op.batch_alter_table('messages', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_messages_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_messages_match_id'), ['match_id'], unique=False)

    op.create_table('read_marks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('match_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('read_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['match_id'], ['matches.id'], name=op.f('fk_read_marks_match_id_matches')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_read_marks_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_read_marks')),
    sa.UniqueConstraint('match_id', 'user_id', name=op.f('uq_read_marks_match_id_user_id'))
    )
    with op.batch_alter_table('read_marks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_read_marks_match_id'), ['match_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_read_marks_user_id'), ['user_id'], unique=False)

    op.create_table('attachments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=200), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_attachments_message_id_messages')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachments'))
    )
    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachments_message_id'), ['message_id'], unique=False)

    with op.batch_alter_table('course_profiles', schema=None) as batch_op:
        batch_op.add_column(sa.Column('students_most', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('themes', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('wish_field', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('source_key', sa.String(length=200), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_course_profiles_lecturer_id_source_key'), ['lecturer_id', 'source_key'])
        batch_op.create_check_constraint(batch_op.f('ck_course_profiles_students_in_order'), 'students_most is null or (students is not null and students_most >= students)')
        batch_op.create_check_constraint(batch_op.f('ck_course_profiles_wish_field_known'), "wish_field is null or wish_field in ('same', 'adjacent', 'complementary', 'any')")

    with op.batch_alter_table('matches', schema=None) as batch_op:
        batch_op.add_column(sa.Column('invited_by_id', sa.Integer(), nullable=True))
        batch_op.alter_column('round_id',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.create_index(batch_op.f('ix_matches_invited_by_id'), ['invited_by_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_matches_invited_by_id_users'), 'users', ['invited_by_id'], ['id'])
        batch_op.create_check_constraint(batch_op.f('ck_matches_origin_known'), 'round_id is not null or invited_by_id is not null')

    with op.batch_alter_table('match_events', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_match_events_action_known'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_match_events_action_known'), f"action in ({ACTIONS}, 'maybe')")

    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.add_column(sa.Column('mail_language', sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column('paused_until', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('exchanges_at_once', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('is_listed', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('shows_name', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_check_constraint(batch_op.f('ck_users_exchanges_at_once_positive'), 'exchanges_at_once is null or exchanges_at_once >= 1')



def downgrade():
    # What only these tables can hold goes with them: answers "maybe", and matches that no round proposed.
    op.execute("delete from match_events where action = 'maybe' or match_id in (select id from matches where round_id is null)")
    for table in ('checklist_ticks', 'meetings', 'read_marks'):
        op.drop_table(table)
    op.drop_table('attachments')
    op.drop_table('messages')
    op.execute("delete from matches where round_id is null")

    with op.batch_alter_table('match_events', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_match_events_action_known'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_match_events_action_known'), f"action in ({ACTIONS})")

    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_users_exchanges_at_once_positive'), type_='check')
        batch_op.drop_column('shows_name')
        batch_op.drop_column('is_listed')
        batch_op.drop_column('exchanges_at_once')
        batch_op.drop_column('paused_until')
        batch_op.drop_column('mail_language')

    with op.batch_alter_table('matches', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_matches_origin_known'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_matches_invited_by_id_users'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_matches_invited_by_id'))
        batch_op.alter_column('round_id',
               existing_type=sa.INTEGER(),
               nullable=False)
        batch_op.drop_column('invited_by_id')

    with op.batch_alter_table('course_profiles', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_course_profiles_wish_field_known'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_course_profiles_students_in_order'), type_='check')
        batch_op.drop_constraint(batch_op.f('uq_course_profiles_lecturer_id_source_key'), type_='unique')
        batch_op.drop_column('source_key')
        batch_op.drop_column('wish_field')
        batch_op.drop_column('themes')
        batch_op.drop_column('students_most')

    for table in ('saved_searches', 'import_files', 'form_drafts', 'browser_sessions', 'institution_requests'):
        op.drop_table(table)
