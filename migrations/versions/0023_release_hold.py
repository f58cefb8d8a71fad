"""Ten minutes between "tell everybody" and the letters; why not us."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('ratification') as batch:
        batch.add_column(sa.Column('release_due_at', sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column('release_asked_by_id', sa.Uuid(), nullable=True))
        batch.create_foreign_key(
            batch.f('fk_ratification_release_asked_by_id_user'), 'user', ['release_asked_by_id'], ['id'],
            ondelete='SET NULL',
        )
    op.add_column('decision', sa.Column('places', sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column('decision', 'places')
    with op.batch_alter_table('ratification') as batch:
        batch.drop_constraint(batch.f('fk_ratification_release_asked_by_id_user'), type_='foreignkey')
        batch.drop_column('release_asked_by_id')
        batch.drop_column('release_due_at')
