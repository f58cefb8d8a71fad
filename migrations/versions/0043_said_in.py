"""In which language a point of co-design was said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0043'
down_revision = '0042'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('codesign_point', sa.Column('said_in', sa.String(length=12), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('codesign_point') as batch:
        batch.drop_column('said_in')
