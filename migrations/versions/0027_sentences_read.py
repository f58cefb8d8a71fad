"""What becomes of a reader's sentence before a group reads it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sentence_check',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('score_id', sa.Uuid(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('is_left_out', sa.Boolean(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('checked_by_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("is_left_out = (text = '')", name=op.f('ck_sentence_check_left_out_without_text')),
    sa.ForeignKeyConstraint(
        ['checked_by_id'], ['user.id'], name=op.f('fk_sentence_check_checked_by_id_user'), ondelete='SET NULL'
    ),
    sa.ForeignKeyConstraint(
        ['score_id'], ['score.id'], name=op.f('fk_sentence_check_score_id_score'), ondelete='CASCADE'
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sentence_check')),
    sa.UniqueConstraint('score_id', name=op.f('uq_sentence_check_score_id'))
    )


def downgrade() -> None:
    op.drop_table('sentence_check')
