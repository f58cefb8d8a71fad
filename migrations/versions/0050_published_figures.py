"""Figures of a call that everybody may read, kept as they were on one day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0050'
down_revision = '0049'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('published_figures',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('content', sa.JSON(none_as_null=True), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_published_figures_call_id_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_published_figures')),
    sa.UniqueConstraint('call_id', 'on_day', name=op.f('uq_published_figures_call_id_on_day'))
    )
    op.create_index(op.f('ix_published_figures_call_id'), 'published_figures', ['call_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_published_figures_call_id'), table_name='published_figures')
    op.drop_table('published_figures')
