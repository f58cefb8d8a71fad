"""Translations of what calls say, and the work of translators."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('text_translation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('unit', sa.String(length=300), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('machine', 'draft', 'reviewed', name='textstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('from_machine', sa.Boolean(), nullable=False),
    sa.Column('made_by', sa.String(length=120), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=True),
    sa.Column('reviewed_by', sa.String(length=120), nullable=False),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reviewed_by_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'reviewed') = (reviewed_by <> '' AND reviewed_at IS NOT NULL)", name=op.f('ck_text_translation_says_who_reviewed')),
    sa.CheckConstraint("reviewed_by <> made_by OR made_by = ''", name=op.f('ck_text_translation_reviewed_by_another')),
    sa.CheckConstraint("state <> 'machine' OR from_machine", name=op.f('ck_text_translation_machine_is_from_machine')),
    sa.CheckConstraint("NOT from_machine OR made_by <> ''", name=op.f('ck_text_translation_says_which_program')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_text_translation_call_id_call'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['made_by_id'], ['user.id'], name=op.f('fk_text_translation_made_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['reviewed_by_id'], ['user.id'], name=op.f('fk_text_translation_reviewed_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_text_translation')),
    sa.UniqueConstraint('call_id', 'language', 'unit', name=op.f('uq_text_translation_call_id_language_unit'))
    )
    op.create_index(op.f('ix_text_translation_call_id'), 'text_translation', ['call_id'])
    op.create_table('text_work',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('unit', sa.String(length=300), nullable=False),
    sa.Column('source_digest', sa.String(length=16), nullable=False),
    sa.Column('who', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.Enum('wrote', 'reviewed', name='textworkkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('words', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('words >= 0', name=op.f('ck_text_work_words_not_negative')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_text_work_call_id_call'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_text_work')),
    sa.UniqueConstraint('call_id', 'language', 'unit', 'source_digest', 'who', 'kind', name=op.f('uq_text_work_call_id_language_unit_source_digest_who_kind'))
    )
    op.create_index(op.f('ix_text_work_call_id'), 'text_work', ['call_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_text_work_call_id'), table_name='text_work')
    op.drop_table('text_work')
    op.drop_index(op.f('ix_text_translation_call_id'), table_name='text_translation')
    op.drop_table('text_translation')
