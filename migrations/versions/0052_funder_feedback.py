"""What groups say about the fund, and what the fund changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0052'
down_revision = '0051'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('feedback_answer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('moment', sa.Enum('decision', 'month_12', 'end', name='feedbackmoment', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('question_key', sa.String(length=40), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('batch', sa.Integer(), nullable=False),
    sa.Column('hidden_why', sa.Text(), nullable=False),
    sa.CheckConstraint('batch >= 0', name=op.f('ck_feedback_answer_batch_not_negative')),
    sa.CheckConstraint("hidden_why = '' OR batch > 0", name=op.f('ck_feedback_answer_hidden_once_read')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_feedback_answer_call_id_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback_answer')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_feedback_answer_call_id'), 'feedback_answer', ['call_id'])
    op.create_table('feedback_year',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('heard', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('changed', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by_id', sa.Uuid(), nullable=True),
    sa.Column('taken_to_id', sa.Uuid(), nullable=True),
    sa.Column('point_key', sa.String(length=40), nullable=True),
    sa.CheckConstraint('(taken_to_id IS NULL) = (point_key IS NULL)', name=op.f('ck_feedback_year_taken_as_a_point')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_feedback_year_call_id_call')),
    sa.ForeignKeyConstraint(['published_by_id'], ['user.id'], name=op.f('fk_feedback_year_published_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['taken_to_id'], ['call.id'], name=op.f('fk_feedback_year_taken_to_id_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback_year')),
    sa.UniqueConstraint('call_id', 'year', name=op.f('uq_feedback_year_call_id_year'))
    )
    op.create_index(op.f('ix_feedback_year_call_id'), 'feedback_year', ['call_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_feedback_year_call_id'), table_name='feedback_year')
    op.drop_table('feedback_year')
    op.drop_index(op.f('ix_feedback_answer_call_id'), table_name='feedback_answer')
    op.drop_table('feedback_answer')
