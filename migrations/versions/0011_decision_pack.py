"""The file that shows how a round was decided, kept as it was when the list was signed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('ratification') as table:
        table.add_column(sa.Column('decision_pack', sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('ratification') as table:
        table.drop_column('decision_pack')
