"""What groups say, read for themes: the code book, who read which text, and what was marked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0067'
down_revision = '0066'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('theme_code',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('meaning', sa.Text(), nullable=False),
    sa.Column('example', sa.Text(), nullable=False),
    sa.Column('added_by_id', sa.Uuid(), nullable=True),
    sa.Column('status', sa.Enum('in_use', 'merged', 'retired', name='themecodestatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('merged_into_id', sa.Uuid(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Uuid(), nullable=True),
    sa.Column('end_reason', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(status = 'in_use') = (ended_at IS NULL) AND (status = 'in_use') = (end_reason = '')", name=op.f('ck_theme_code_ended_says_why')),
    sa.CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name=op.f('ck_theme_code_merged_into_one')),
    sa.CheckConstraint("name <> '' AND meaning <> ''", name=op.f('ck_theme_code_says_what_it_means')),
    sa.CheckConstraint('merged_into_id <> id', name=op.f('ck_theme_code_not_into_itself')),
    sa.ForeignKeyConstraint(['added_by_id'], ['user.id'], name=op.f('fk_theme_code_added_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_theme_code_call_id_call')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['user.id'], name=op.f('fk_theme_code_ended_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['merged_into_id', 'call_id'], ['theme_code.id', 'theme_code.call_id'], name=op.f('fk_theme_code_merged_into_id_call_id_theme_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_theme_code')),
    sa.UniqueConstraint('call_id', 'name', name=op.f('uq_theme_code_call_id_name')),
    sa.UniqueConstraint('id', 'call_id', name=op.f('uq_theme_code_id_call_id'))
    )
    op.create_index(op.f('ix_theme_code_call_id'), 'theme_code', ['call_id'], unique=False)
    op.create_table('coded_text',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('answer', 'correction', 'recording', 'story', name='textkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('check_in_id', sa.Uuid(), nullable=True),
    sa.Column('question_key', sa.String(length=40), nullable=True),
    sa.Column('check_in_file_id', sa.Uuid(), nullable=True),
    sa.Column('story_id', sa.Uuid(), nullable=True),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('first_reader_id', sa.Uuid(), nullable=True),
    sa.Column('first_read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_drawn', sa.Boolean(), nullable=False),
    sa.Column('second_reader_id', sa.Uuid(), nullable=True),
    sa.Column('second_read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(kind = 'story') = (story_id IS NOT NULL) AND (kind = 'answer') = (question_key IS NOT NULL) AND (kind = 'recording') = (check_in_file_id IS NOT NULL) AND (kind = 'story') = (check_in_id IS NULL)", name=op.f('ck_coded_text_one_source')),
    sa.CheckConstraint('(number IS NULL) = (first_read_at IS NULL)', name=op.f('ck_coded_text_numbered_once_read')),
    sa.CheckConstraint('NOT is_drawn OR first_read_at IS NOT NULL', name=op.f('ck_coded_text_drawn_once_read')),
    sa.CheckConstraint('is_drawn OR second_reader_id IS NULL AND second_read_at IS NULL', name=op.f('ck_coded_text_second_only_if_drawn')),
    sa.CheckConstraint('second_reader_id <> first_reader_id', name=op.f('ck_coded_text_two_readers')),
    sa.CheckConstraint('settled_at IS NULL OR second_read_at IS NOT NULL', name=op.f('ck_coded_text_settled_after_both')),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_coded_text_award_id_award')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_coded_text_call_id_call')),
    sa.ForeignKeyConstraint(['check_in_file_id'], ['check_in_file.id'], name=op.f('fk_coded_text_check_in_file_id_check_in_file')),
    sa.ForeignKeyConstraint(['check_in_id'], ['check_in.id'], name=op.f('fk_coded_text_check_in_id_check_in')),
    sa.ForeignKeyConstraint(['first_reader_id'], ['user.id'], name=op.f('fk_coded_text_first_reader_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['second_reader_id'], ['user.id'], name=op.f('fk_coded_text_second_reader_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['story_id'], ['story.id'], name=op.f('fk_coded_text_story_id_story')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coded_text')),
    sa.UniqueConstraint('call_id', 'number', name=op.f('uq_coded_text_call_id_number')),
    sa.UniqueConstraint('id', 'award_id', name=op.f('uq_coded_text_id_award_id')),
    sa.UniqueConstraint('id', 'call_id', name=op.f('uq_coded_text_id_call_id')),
    sa.UniqueConstraint('source', name=op.f('uq_coded_text_source'))
    )
    op.create_index(op.f('ix_coded_text_award_id'), 'coded_text', ['award_id'], unique=False)
    op.create_index(op.f('ix_coded_text_call_id'), 'coded_text', ['call_id'], unique=False)
    op.create_index(op.f('ix_coded_text_check_in_id'), 'coded_text', ['check_in_id'], unique=False)
    op.create_index(op.f('ix_coded_text_story_id'), 'coded_text', ['story_id'], unique=False)
    op.create_table('theme_tag',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('coded_text_id', sa.Uuid(), nullable=False),
    sa.Column('theme_code_id', sa.Uuid(), nullable=False),
    sa.Column('turn', sa.Enum('first', 'second', 'settled', name='turn', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('starts_at', sa.Integer(), nullable=True),
    sa.Column('ends_at', sa.Integer(), nullable=True),
    sa.Column('text_digest', sa.String(length=64), nullable=False),
    sa.CheckConstraint('(starts_at IS NULL) = (ends_at IS NULL) AND (starts_at IS NULL OR starts_at >= 0) AND (starts_at IS NULL OR ends_at > starts_at)', name=op.f('ck_theme_tag_a_place_in_the_text')),
    sa.ForeignKeyConstraint(['coded_text_id', 'call_id'], ['coded_text.id', 'coded_text.call_id'], name=op.f('fk_theme_tag_coded_text_id_call_id_coded_text')),
    sa.ForeignKeyConstraint(['theme_code_id', 'call_id'], ['theme_code.id', 'theme_code.call_id'], name=op.f('fk_theme_tag_theme_code_id_call_id_theme_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_theme_tag'))
    )
    op.create_index(op.f('ix_theme_tag_coded_text_id'), 'theme_tag', ['coded_text_id'], unique=False)
    op.create_index(op.f('ix_theme_tag_theme_code_id'), 'theme_tag', ['theme_code_id'], unique=False)


def downgrade() -> None:
    op.drop_table('theme_tag')
    op.drop_table('coded_text')
    op.drop_table('theme_code')
