"""Papers that the worker makes: blank forms and copies for groups."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

KIND = ('blank_form', 'copy', 'bundle')
STAGE = ('eoi', 'full')


def upgrade() -> None:
    op.create_table('made_paper',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.Enum(*KIND, name='paperkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('recipe', sa.String(length=64), nullable=False),
    sa.Column('call_version_id', sa.Uuid(), nullable=True),
    sa.Column('application_id', sa.Uuid(), nullable=True),
    sa.Column('stage', sa.Enum(*STAGE, name='applicationstage', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('is_large', sa.Boolean(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('storage_key', sa.String(length=60), nullable=True),
    sa.Column('size_bytes', sa.Integer(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('failed_reason', sa.String(length=40), nullable=True),
    sa.CheckConstraint(
        "(kind = 'blank_form') = (call_version_id IS NOT NULL AND stage IS NOT NULL)"
        " AND (kind = 'blank_form') = (application_id IS NULL)",
        name=op.f('ck_made_paper_about_a_form_or_an_application')
    ),
    sa.CheckConstraint(
        "(made_at IS NULL) = (storage_key IS NULL) AND (made_at IS NULL) = (sha256 IS NULL)"
        " AND (made_at IS NULL) = (size_bytes IS NULL)",
        name=op.f('ck_made_paper_made_has_bytes')
    ),
    sa.CheckConstraint(
        "made_at IS NULL OR failed_reason IS NULL", name=op.f('ck_made_paper_made_or_failed')
    ),
    sa.ForeignKeyConstraint(
        ['application_id'], ['application.id'], name=op.f('fk_made_paper_application_id_application')
    ),
    sa.ForeignKeyConstraint(
        ['call_version_id'], ['call_version.id'], name=op.f('fk_made_paper_call_version_id_call_version')
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_made_paper')),
    sa.UniqueConstraint('recipe', name=op.f('uq_made_paper_recipe')),
    sa.UniqueConstraint('storage_key', name=op.f('uq_made_paper_storage_key'))
    )
    op.create_index(op.f('ix_made_paper_application_id'), 'made_paper', ['application_id'])
    op.create_index(op.f('ix_made_paper_call_version_id'), 'made_paper', ['call_version_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_made_paper_call_version_id'), table_name='made_paper')
    op.drop_index(op.f('ix_made_paper_application_id'), table_name='made_paper')
    op.drop_table('made_paper')
