"""Recordings as answers, with what is said in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('answer_media',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer_id', sa.Uuid(), nullable=False),
    sa.Column('file_id', sa.Uuid(), nullable=False),
    sa.Column('form', sa.Enum('voice', 'video', 'sign_language', name='mediaform', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('added_by_id', sa.Uuid(), nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('status', sa.Enum('not_heard', 'needed', 'transcribed', 'checked', name='transcriptstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('transcript', sa.Text(), nullable=True),
    sa.Column('transcript_language', sa.String(length=20), nullable=True),
    sa.Column('transcript_by', sa.Enum('group', 'staff', name='transcriptby', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('transcript_rev', sa.Integer(), nullable=False),
    sa.CheckConstraint(
        "(status IN ('not_heard', 'needed')) = (transcript IS NULL)",
        name=op.f('ck_answer_media_transcript_once_written')
    ),
    sa.CheckConstraint(
        '(transcript IS NULL) = (transcript_by IS NULL)', name=op.f('ck_answer_media_transcript_has_a_writer')
    ),
    sa.ForeignKeyConstraint(['answer_id'], ['answer.id'], name=op.f('fk_answer_media_answer_id_answer')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_answer_media_file_id_stored_file')),
    sa.ForeignKeyConstraint(
        ['added_by_id'], ['user.id'], name=op.f('fk_answer_media_added_by_id_user'), ondelete='SET NULL'
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_media')),
    sa.UniqueConstraint('answer_id', 'file_id', name=op.f('uq_answer_media_answer_id_file_id'))
    )
    op.create_index(op.f('ix_answer_media_answer_id'), 'answer_media', ['answer_id'])
    op.create_index(op.f('ix_answer_media_file_id'), 'answer_media', ['file_id'])
    op.create_table('transcript_revision',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('media_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=True),
    sa.Column('written_by', sa.Enum('group', 'staff', name='transcriptby', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('rev', sa.Integer(), nullable=True),
    sa.Column('once', sa.String(length=64), nullable=False),
    sa.Column('saved_by_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(
        ['media_id'], ['answer_media.id'], name=op.f('fk_transcript_revision_media_id_answer_media')
    ),
    sa.ForeignKeyConstraint(
        ['saved_by_id'], ['user.id'], name=op.f('fk_transcript_revision_saved_by_id_user'), ondelete='SET NULL'
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transcript_revision')),
    sa.UniqueConstraint('media_id', 'once', name=op.f('uq_transcript_revision_media_id_once'))
    )
    op.create_index(op.f('ix_transcript_revision_media_id'), 'transcript_revision', ['media_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_transcript_revision_media_id'), table_name='transcript_revision')
    op.drop_table('transcript_revision')
    op.drop_index(op.f('ix_answer_media_file_id'), table_name='answer_media')
    op.drop_index(op.f('ix_answer_media_answer_id'), table_name='answer_media')
    op.drop_table('answer_media')
