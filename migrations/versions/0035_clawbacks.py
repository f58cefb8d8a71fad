"""Money that a group is asked to give back, and how much of it came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('clawback',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Enum('proposed', 'asked', 'received', 'dropped', name='clawbackstatus',
        native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('received', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('proposed_by_id', sa.Uuid(), nullable=False),
    sa.Column('decided_by_id', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_clawback_amount_positive')),
    sa.CheckConstraint('received >= 0 AND received <= amount', name=op.f('ck_clawback_never_more_than_asked')),
    sa.CheckConstraint("(status = 'received') = (received = amount)", name=op.f('ck_clawback_received_is_all')),
    sa.CheckConstraint(
        "(status IN ('asked', 'received')) = (decided_at IS NOT NULL)",
        name=op.f('ck_clawback_decided_has_a_time'),
    ),
    sa.CheckConstraint('received = 0 OR decided_at IS NOT NULL', name=op.f('ck_clawback_received_once_asked')),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_clawback_award_id_award')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['user.id'], name=op.f('fk_clawback_proposed_by_id_user')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user.id'], name=op.f('fk_clawback_decided_by_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clawback'))
    )
    op.create_index(op.f('ix_clawback_award_id'), 'clawback', ['award_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_clawback_award_id'), table_name='clawback')
    op.drop_table('clawback')
