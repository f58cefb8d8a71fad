"""Translations of questions to groups and their answers, and what groups say to translations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None

MADE_BY = sa.Enum(
    *('group', 'staff', 'translator', 'machine'),
    name='translatedby',
    native_enum=False,
    create_constraint=True,
    length=40,
)
PART = sa.Enum(
    *('question', 'answer'),
    name='clarificationpart',
    native_enum=False,
    create_constraint=True,
    length=40,
)


def upgrade() -> None:
    op.create_table('clarification_translation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('clarification_id', sa.Uuid(), nullable=False),
    sa.Column('part', PART, nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('made_by', MADE_BY, nullable=False),
    sa.Column('made_by_name', sa.String(length=120), nullable=False),
    sa.Column('is_checked', sa.Boolean(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_by_id', sa.Uuid(), nullable=True),
    sa.Column('objected_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('objection', sa.Text(), nullable=False),
    sa.CheckConstraint(
        "made_by NOT IN ('translator', 'machine') OR made_by_name <> ''",
        name=op.f('ck_clarification_translation_says_who_or_what'),
    ),
    sa.ForeignKeyConstraint(
        ['clarification_id'],
        ['clarification.id'],
        name=op.f('fk_clarification_translation_clarification_id_clarification'),
    ),
    sa.ForeignKeyConstraint(
        ['saved_by_id'],
        ['user.id'],
        name=op.f('fk_clarification_translation_saved_by_id_user'),
        ondelete='SET NULL',
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clarification_translation')),
    sa.UniqueConstraint(
        'clarification_id', 'part', 'language',
        name=op.f('uq_clarification_translation_clarification_id_part_language'),
    )
    )
    op.create_index(
        op.f('ix_clarification_translation_clarification_id'), 'clarification_translation', ['clarification_id']
    )
    with op.batch_alter_table('answer_translation', schema=None) as table:
        table.add_column(sa.Column('objected_at', sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column('objection', sa.Text(), nullable=False, server_default=''))
    with op.batch_alter_table('answer_translation', schema=None) as table:
        table.alter_column('objection', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('answer_translation', schema=None) as table:
        table.drop_column('objection')
        table.drop_column('objected_at')
    op.drop_index(
        op.f('ix_clarification_translation_clarification_id'), table_name='clarification_translation'
    )
    op.drop_table('clarification_translation')
