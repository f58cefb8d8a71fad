"""Translations of what groups have answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

MADE_BY = sa.Enum(
    *('group', 'staff', 'translator', 'machine'),
    name='translatedby',
    native_enum=False,
    create_constraint=True,
    length=40,
)


def upgrade() -> None:
    op.create_table('answer_translation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer_id', sa.Uuid(), nullable=False),
    sa.Column('media_id', sa.Uuid(), nullable=True),
    sa.Column('source_rev', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('made_by', MADE_BY, nullable=False),
    sa.Column('made_by_name', sa.String(length=120), nullable=False),
    sa.Column('is_checked', sa.Boolean(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_by_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint(
        "made_by NOT IN ('translator', 'machine') OR made_by_name <> ''",
        name=op.f('ck_answer_translation_says_who_or_what'),
    ),
    sa.ForeignKeyConstraint(['answer_id'], ['answer.id'], name=op.f('fk_answer_translation_answer_id_answer')),
    sa.ForeignKeyConstraint(
        ['media_id'], ['answer_media.id'], name=op.f('fk_answer_translation_media_id_answer_media')
    ),
    sa.ForeignKeyConstraint(
        ['saved_by_id'], ['user.id'], name=op.f('fk_answer_translation_saved_by_id_user'), ondelete='SET NULL'
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_translation')),
    sa.UniqueConstraint('media_id', 'language', name=op.f('uq_answer_translation_media_id_language'))
    )
    op.create_index(op.f('ix_answer_translation_answer_id'), 'answer_translation', ['answer_id'])
    op.create_index(op.f('ix_answer_translation_media_id'), 'answer_translation', ['media_id'])
    op.create_index(
        'uq_answer_translation_of_text',
        'answer_translation',
        ['answer_id', 'language'],
        unique=True,
        sqlite_where=sa.text('media_id IS NULL'),
        postgresql_where=sa.text('media_id IS NULL'),
    )


def downgrade() -> None:
    op.drop_table('answer_translation')
