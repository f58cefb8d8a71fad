"""Questions about the meaning of an answer, what a concern is about, sheets opened again, panel dates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column('clarification', sa.Column('question_key', sa.String(length=40), nullable=True))
    with op.batch_alter_table('review', schema=None) as table:
        table.add_column(sa.Column('concern', sa.Text(), nullable=False, server_default=''))
        table.add_column(sa.Column('unlocked_at', MOMENT, nullable=True))
    with op.batch_alter_table('review', schema=None) as table:
        table.alter_column('concern', server_default=None)
    with op.batch_alter_table('reader_question', schema=None) as table:
        table.add_column(sa.Column('question_key', sa.String(length=40), nullable=True))
        table.alter_column('criterion_key', existing_type=sa.String(length=40), nullable=True)
        table.create_unique_constraint(
            op.f('uq_reader_question_assignment_id_question_key'), ['assignment_id', 'question_key']
        )
        table.create_check_constraint(
            op.f('ck_reader_question_about_a_criterion_or_an_answer'),
            sa.text('(criterion_key IS NULL) <> (question_key IS NULL)'),
        )
    with op.batch_alter_table('panel', schema=None) as table:
        for name in ('practice_opens_at', 'practice_closes_at', 'closed_at'):
            table.add_column(sa.Column(name, MOMENT, nullable=True))
        table.create_check_constraint(
            op.f('ck_panel_practice_has_both_dates'),
            sa.text('(practice_opens_at IS NULL) = (practice_closes_at IS NULL)'),
        )
        table.create_check_constraint(
            op.f('ck_panel_practice_dates_in_order'), sa.text('practice_opens_at < practice_closes_at')
        )


def downgrade() -> None:
    with op.batch_alter_table('panel', schema=None) as table:
        table.drop_constraint(op.f('ck_panel_practice_dates_in_order'), type_='check')
        table.drop_constraint(op.f('ck_panel_practice_has_both_dates'), type_='check')
        for name in ('closed_at', 'practice_closes_at', 'practice_opens_at'):
            table.drop_column(name)
    op.execute(sa.text('DELETE FROM reader_question WHERE criterion_key IS NULL'))
    with op.batch_alter_table('reader_question', schema=None) as table:
        table.drop_constraint(op.f('ck_reader_question_about_a_criterion_or_an_answer'), type_='check')
        table.drop_constraint(op.f('uq_reader_question_assignment_id_question_key'), type_='unique')
        table.alter_column('criterion_key', existing_type=sa.String(length=40), nullable=False)
        table.drop_column('question_key')
    with op.batch_alter_table('review', schema=None) as table:
        table.drop_column('unlocked_at')
        table.drop_column('concern')
    op.drop_column('clarification', 'question_key')
