"""Who of the fund typed in a mark for its reader, and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('score', schema=None) as table:
        table.add_column(sa.Column('typed_by_id', sa.Uuid(), nullable=True))
        table.add_column(sa.Column('typed_at', sa.DateTime(timezone=True), nullable=True))
        table.create_foreign_key(op.f('fk_score_typed_by_id_user'), 'user', ['typed_by_id'], ['id'])
        table.create_check_constraint(
            op.f('ck_score_typed_by_somebody_at_a_time'), '(typed_by_id IS NULL) = (typed_at IS NULL)'
        )


def downgrade() -> None:
    with op.batch_alter_table('score', schema=None) as table:
        table.drop_constraint(op.f('ck_score_typed_by_somebody_at_a_time'), type_='check')
        table.drop_constraint(op.f('fk_score_typed_by_id_user'), type_='foreignkey')
        table.drop_column('typed_at')
        table.drop_column('typed_by_id')
