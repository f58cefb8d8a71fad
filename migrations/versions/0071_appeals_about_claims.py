"""A group asks to have a claim looked at again that was found not met."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0071'
down_revision = '0070'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('complaint') as batch:
        batch.add_column(sa.Column('claim_id', sa.Uuid(), nullable=True))
        batch.create_foreign_key(op.f('fk_complaint_claim_id_by_and_for_claim'), 'by_and_for_claim', ['claim_id'], ['id'])
        batch.create_index(op.f('ix_complaint_claim_id'), ['claim_id'])
        batch.create_check_constraint(
            op.f('ck_complaint_only_groups_ask_about_a_claim'), "claim_id IS NULL OR kind = 'appeal'"
        )


def downgrade() -> None:
    op.execute('DELETE FROM complaint WHERE claim_id IS NOT NULL')
    with op.batch_alter_table('complaint') as batch:
        batch.drop_constraint(op.f('ck_complaint_only_groups_ask_about_a_claim'), type_='check')
        batch.drop_index(op.f('ix_complaint_claim_id'))
        batch.drop_constraint(op.f('fk_complaint_claim_id_by_and_for_claim'), type_='foreignkey')
        batch.drop_column('claim_id')
