"""More time for groups that ask for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('application', sa.Column('grace_until', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('application', 'grace_until')
