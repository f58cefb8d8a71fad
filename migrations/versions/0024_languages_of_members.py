"""Languages a panel member reads in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('panel_seat', schema=None) as table:
        table.add_column(sa.Column('languages', sa.JSON(), nullable=False, server_default='[]'))
    with op.batch_alter_table('panel_seat', schema=None) as table:
        table.alter_column('languages', server_default=None)


def downgrade() -> None:
    op.drop_column('panel_seat', 'languages')
