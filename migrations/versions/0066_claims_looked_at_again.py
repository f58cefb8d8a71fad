"""A decided claim is looked at again when two people want it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0066'
down_revision = '0065'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('by_and_for_claim') as batch:
        batch.add_column(sa.Column('again_asked_by_id', sa.Uuid(), nullable=True))
        batch.create_foreign_key(op.f('fk_by_and_for_claim_again_asked_by_id_user'), 'user', ['again_asked_by_id'], ['id'], ondelete='SET NULL')
        batch.create_check_constraint(
            op.f('ck_by_and_for_claim_asked_about_a_decision'), "again_asked_by_id IS NULL OR status IN ('confirmed', 'not_met')"
        )


def downgrade() -> None:
    with op.batch_alter_table('by_and_for_claim') as batch:
        batch.drop_constraint(op.f('ck_by_and_for_claim_asked_about_a_decision'), type_='check')
        batch.drop_constraint(op.f('fk_by_and_for_claim_again_asked_by_id_user'), type_='foreignkey')
        batch.drop_column('again_asked_by_id')
