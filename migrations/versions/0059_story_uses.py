"""Words of stories that the fund wants to use, and the group's no."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0059'
down_revision = '0058'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('story_use',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('story_id', sa.Uuid(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('shown_from', sa.Date(), nullable=False),
    sa.Column('proposed_by_id', sa.Uuid(), nullable=True),
    sa.Column('objected_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('objected_by_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("words <> ''", name=op.f('ck_story_use_uses_some_words')),
    sa.ForeignKeyConstraint(['objected_by_id'], ['user.id'], name=op.f('fk_story_use_objected_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['user.id'], name=op.f('fk_story_use_proposed_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['story_id'], ['story.id'], name=op.f('fk_story_use_story_id_story')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_story_use'))
    )
    op.create_index(op.f('ix_story_use_story_id'), 'story_use', ['story_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_story_use_story_id'), table_name='story_use')
    op.drop_table('story_use')
