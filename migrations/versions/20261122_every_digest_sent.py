"""every digest sent

Revision ID: 3e9a4d61c72f
Revises: d27f60b9e815
Create Date: 2026-11-22 15:50:12.402117+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '3e9a4d61c72f'
down_revision = 'd27f60b9e815'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('digest_issues', schema=None) as batch_op:
        batch_op.add_column(sa.Column('number', sa.Integer(), server_default='1', nullable=False))
        batch_op.drop_constraint(batch_op.f('uq_digest_issues_user_id_week'), type_='unique')
        batch_op.create_unique_constraint(
            batch_op.f('uq_digest_issues_user_id_week_number'), ['user_id', 'week', 'number']
        )


def downgrade():
    # Of several digests of a week only the newest can be kept then, as it was before.
    issues = sa.table('digest_issues', sa.column('user_id'), sa.column('week'), sa.column('number'))
    later = issues.alias('later')
    followed = sa.exists().where(
        later.c.user_id == issues.c.user_id, later.c.week == issues.c.week, later.c.number > issues.c.number
    )
    op.execute(sa.delete(issues).where(followed))
    with op.batch_alter_table('digest_issues', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_digest_issues_user_id_week_number'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_digest_issues_user_id_week'), ['user_id', 'week'])
        batch_op.drop_column('number')
