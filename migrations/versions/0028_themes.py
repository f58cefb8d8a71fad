"""The theme of an application, for rules that keep money for a theme."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('application', sa.Column('theme_code', sa.String(length=40), nullable=True))


def downgrade() -> None:
    op.drop_column('application', 'theme_code')
