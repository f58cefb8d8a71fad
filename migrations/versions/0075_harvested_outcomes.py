"""Harvested outcomes: what changed, in words that the group confirmed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0075'
down_revision = '0074'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('harvested_outcome',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('theme_code_id', sa.Uuid(), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('changed', sa.Text(), nullable=False),
    sa.Column('for_whom', sa.Text(), nullable=False),
    sa.Column('contribution', sa.Text(), nullable=False),
    sa.Column('written_by_id', sa.Uuid(), nullable=True),
    sa.Column('status', sa.Enum('waiting', 'confirmed', 'objected', 'taken_back', name='outcomestatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Uuid(), nullable=True),
    sa.Column('own_language', sa.String(length=20), nullable=True),
    sa.Column('own_changed', sa.Text(), nullable=False),
    sa.Column('own_for_whom', sa.Text(), nullable=False),
    sa.Column('own_contribution', sa.Text(), nullable=False),
    sa.Column('names_group', sa.Boolean(), nullable=False),
    sa.Column('objection', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(own_language IS NULL) = (own_changed = '') AND (own_language IS NULL) = (own_for_whom = '') AND (own_language IS NULL) = (own_contribution = '')", name=op.f('ck_harvested_outcome_own_words_are_whole')),
    sa.CheckConstraint("(status = 'waiting') = (answered_at IS NULL) OR status = 'taken_back'", name=op.f('ck_harvested_outcome_answered_at_a_time')),
    sa.CheckConstraint("changed <> '' AND for_whom <> '' AND contribution <> ''", name=op.f('ck_harvested_outcome_says_all_three')),
    sa.CheckConstraint("status = 'confirmed' OR NOT names_group", name=op.f('ck_harvested_outcome_named_once_confirmed')),
    sa.CheckConstraint("status = 'objected' OR objection = ''", name=op.f('ck_harvested_outcome_objection_while_objected')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['user.id'], name=op.f('fk_harvested_outcome_answered_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_harvested_outcome_award_id_award')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_harvested_outcome_call_id_call')),
    sa.ForeignKeyConstraint(['theme_code_id', 'call_id'], ['theme_code.id', 'theme_code.call_id'], name=op.f('fk_harvested_outcome_theme_code_id_call_id_theme_code')),
    sa.ForeignKeyConstraint(['written_by_id'], ['user.id'], name=op.f('fk_harvested_outcome_written_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_harvested_outcome')),
    sa.UniqueConstraint('id', 'award_id', name=op.f('uq_harvested_outcome_id_award_id'))
    )
    op.create_index(op.f('ix_harvested_outcome_award_id'), 'harvested_outcome', ['award_id'], unique=False)
    op.create_index(op.f('ix_harvested_outcome_call_id'), 'harvested_outcome', ['call_id'], unique=False)
    op.create_index(op.f('ix_harvested_outcome_theme_code_id'), 'harvested_outcome', ['theme_code_id'], unique=False)
    op.create_table('outcome_passage',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('outcome_id', sa.Uuid(), nullable=False),
    sa.Column('coded_text_id', sa.Uuid(), nullable=False),
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('starts_at', sa.Integer(), nullable=True),
    sa.Column('ends_at', sa.Integer(), nullable=True),
    sa.Column('text_digest', sa.String(length=64), nullable=False),
    sa.CheckConstraint('(starts_at IS NULL) = (ends_at IS NULL) AND (starts_at IS NULL OR starts_at >= 0 AND ends_at > starts_at)', name=op.f('ck_outcome_passage_a_place_in_the_text')),
    sa.ForeignKeyConstraint(['coded_text_id', 'award_id'], ['coded_text.id', 'coded_text.award_id'], name=op.f('fk_outcome_passage_coded_text_id_award_id_coded_text')),
    sa.ForeignKeyConstraint(['outcome_id', 'award_id'], ['harvested_outcome.id', 'harvested_outcome.award_id'], name=op.f('fk_outcome_passage_outcome_id_award_id_harvested_outcome')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outcome_passage'))
    )
    op.create_index(op.f('ix_outcome_passage_coded_text_id'), 'outcome_passage', ['coded_text_id'], unique=False)
    op.create_index(op.f('ix_outcome_passage_outcome_id'), 'outcome_passage', ['outcome_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_outcome_passage_outcome_id'), table_name='outcome_passage')
    op.drop_index(op.f('ix_outcome_passage_coded_text_id'), table_name='outcome_passage')
    op.drop_table('outcome_passage')
    op.drop_index(op.f('ix_harvested_outcome_theme_code_id'), table_name='harvested_outcome')
    op.drop_index(op.f('ix_harvested_outcome_call_id'), table_name='harvested_outcome')
    op.drop_index(op.f('ix_harvested_outcome_award_id'), table_name='harvested_outcome')
    op.drop_table('harvested_outcome')
