"""Who checked a claim, so that somebody else decides on it after the deadline."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('by_and_for_claim', schema=None) as table:
        table.add_column(sa.Column('checked_by_id', sa.Uuid(), nullable=True))
        table.create_foreign_key(
            op.f('fk_by_and_for_claim_checked_by_id_user'), 'user', ['checked_by_id'], ['id'], ondelete='SET NULL'
        )


def downgrade() -> None:
    with op.batch_alter_table('by_and_for_claim', schema=None) as table:
        table.drop_constraint(op.f('fk_by_and_for_claim_checked_by_id_user'), type_='foreignkey')
        table.drop_column('checked_by_id')
