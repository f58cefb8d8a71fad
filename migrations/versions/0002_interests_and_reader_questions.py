"""Registers of interests, and what readers would ask a group."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('interest_register',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['seat_id'], ['panel_seat.id'], name=op.f('fk_interest_register_seat_id_panel_seat')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interest_register')),
    sa.UniqueConstraint('seat_id', name=op.f('uq_interest_register_seat_id'))
    )
    op.create_table('reader_question',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('assignment_id', sa.Uuid(), nullable=False),
    sa.Column('criterion_key', sa.String(length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('clarification_id', sa.Uuid(), nullable=True),
    sa.Column('not_sent_reason', sa.Text(), nullable=True),
    sa.CheckConstraint(
        'raised_at IS NOT NULL OR (clarification_id IS NULL AND not_sent_reason IS NULL)',
        name=op.f('ck_reader_question_settled_once_raised')
    ),
    sa.CheckConstraint(
        'clarification_id IS NULL OR not_sent_reason IS NULL', name=op.f('ck_reader_question_sent_or_not_sent')
    ),
    sa.ForeignKeyConstraint(
        ['assignment_id'], ['review_assignment.id'],
        name=op.f('fk_reader_question_assignment_id_review_assignment')
    ),
    sa.ForeignKeyConstraint(
        ['clarification_id'], ['clarification.id'],
        name=op.f('fk_reader_question_clarification_id_clarification')
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reader_question')),
    sa.UniqueConstraint(
        'assignment_id', 'criterion_key', name=op.f('uq_reader_question_assignment_id_criterion_key')
    )
    )
    op.create_index(op.f('ix_reader_question_assignment_id'), 'reader_question', ['assignment_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_reader_question_assignment_id'), table_name='reader_question')
    op.drop_table('reader_question')
    op.drop_table('interest_register')
