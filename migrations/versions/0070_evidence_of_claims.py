"""What a finding about a claim rests on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0070'
down_revision = '0069'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('by_and_for_claim') as batch:
        batch.add_column(sa.Column('evidence', sa.JSON(), nullable=False, server_default='{}'))
    with op.batch_alter_table('by_and_for_claim') as batch:
        batch.alter_column('evidence', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('by_and_for_claim') as batch:
        batch.drop_column('evidence')
