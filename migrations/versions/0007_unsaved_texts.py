"""Texts that were sent after a sign-in had run out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('unsaved_text',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('page', sa.String(length=300), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(
        ['user_id'], ['user.id'], name=op.f('fk_unsaved_text_user_id_user'), ondelete='CASCADE'
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unsaved_text')),
    sa.UniqueConstraint('user_id', 'page', name=op.f('uq_unsaved_text_user_id_page'))
    )
    op.create_index(op.f('ix_unsaved_text_user_id'), 'unsaved_text', ['user_id'])
    op.create_index(op.f('ix_unsaved_text_expires_at'), 'unsaved_text', ['expires_at'])


def downgrade() -> None:
    op.drop_table('unsaved_text')
