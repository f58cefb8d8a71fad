"""Ring-fences that keep no more money, by a recorded decision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('ring_fence_release',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('ring_fence', sa.String(length=40), nullable=False),
    sa.Column('released_by_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('left_over', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('moved_to', sa.String(length=40), nullable=True),
    sa.Column('had_before', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.CheckConstraint('(moved_to IS NULL) = (had_before IS NULL)', name=op.f('ck_ring_fence_release_moved_with_what_there_was')),
    sa.CheckConstraint('left_over >= 0', name=op.f('ck_ring_fence_release_left_over_not_negative')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_ring_fence_release_call_id_call')),
    sa.ForeignKeyConstraint(['released_by_id'], ['user.id'], name=op.f('fk_ring_fence_release_released_by_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ring_fence_release')),
    sa.UniqueConstraint('call_id', 'ring_fence', name=op.f('uq_ring_fence_release_call_id_ring_fence'))
    )
    op.create_index(op.f('ix_ring_fence_release_call_id'), 'ring_fence_release', ['call_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_ring_fence_release_call_id'), table_name='ring_fence_release')
    op.drop_table('ring_fence_release')
