"""What each application was given when a vote was counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('panel_vote', sa.Column('tally', sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column('panel_vote', 'tally')
