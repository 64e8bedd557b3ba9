"""digests after publication

Revision ID: 8c3e5f17b2d4
Revises: 5a72043a120c
Create Date: 2026-11-22 14:52:30.417205+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '8c3e5f17b2d4'
down_revision = '5a72043a120c'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('rounds', schema=None) as batch_op:
        batch_op.add_column(sa.Column('digests_done_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('digests_up_to', sa.Integer(), server_default='0', nullable=False))

    # Until now the digests of a round were promised with it.
    op.execute('update rounds set digests_done_at = published_at')
    with op.batch_alter_table('rounds', schema=None) as batch_op:
        batch_op.alter_column('digests_up_to', existing_type=sa.Integer(), server_default=None)


def downgrade():
    with op.batch_alter_table('rounds', schema=None) as batch_op:
        batch_op.drop_column('digests_up_to')
        batch_op.drop_column('digests_done_at')
