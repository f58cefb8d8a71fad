"""Minutes for each question, counted in bands and without anybody's name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0044'
down_revision = '0043'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('question_tally',
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('question_key', sa.String(length=40), nullable=False),
    sa.Column('minutes', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.CheckConstraint('number >= 0', name=op.f('ck_question_tally_number_not_negative')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_question_tally_round_id_round')),
    sa.PrimaryKeyConstraint('round_id', 'question_key', 'minutes', name=op.f('pk_question_tally')),
    sqlite_with_rowid=False
    )


def downgrade() -> None:
    op.drop_table('question_tally')
