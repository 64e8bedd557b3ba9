"""institution types

Revision ID: d27f60b9e815
Revises: 8c3e5f17b2d4
Create Date: 2026-11-22 15:36:05.118254+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'd27f60b9e815'
down_revision = '8c3e5f17b2d4'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('institutions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('institution_type', sa.String(length=200), server_default='', nullable=False))


def downgrade():
    with op.batch_alter_table('institutions', schema=None) as batch_op:
        batch_op.drop_column('institution_type')
