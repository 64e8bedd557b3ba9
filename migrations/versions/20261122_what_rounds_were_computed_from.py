"""what rounds were computed from

Revision ID: 4b7c1d90a3f6
Revises: ee9ed1fd2e2a
Create Date: 2026-11-22 06:28:40.118530+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '4b7c1d90a3f6'
down_revision = 'ee9ed1fd2e2a'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('rounds', schema=None) as batch_op:
        batch_op.add_column(sa.Column('statistics', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('certificate', sa.JSON(), nullable=True))


def downgrade():
    with op.batch_alter_table('rounds', schema=None) as batch_op:
        batch_op.drop_column('certificate')
        batch_op.drop_column('statistics')
