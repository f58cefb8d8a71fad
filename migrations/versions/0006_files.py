"""Files that people send, and which applications show them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

KIND = ('picture', 'audio', 'video', 'document')
STATUS = ('receiving', 'quarantined', 'clean', 'refused', 'erased')


def upgrade() -> None:
    op.create_table('stored_file',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('uploaded_by_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.Enum(*KIND, name='filekind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('allowed_kinds', sa.String(length=60), nullable=False),
    sa.Column('status', sa.Enum(*STATUS, name='filestatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('original_name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('seconds', sa.Integer(), nullable=True),
    sa.Column('storage_key', sa.String(length=60), nullable=True),
    sa.Column('refused_reason', sa.String(length=40), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('once', sa.String(length=64), nullable=False),
    sa.CheckConstraint('size_bytes >= 0', name=op.f('ck_stored_file_size_not_negative')),
    sa.CheckConstraint(
        "(status IN ('receiving', 'quarantined', 'clean')) = (storage_key IS NOT NULL)",
        name=op.f('ck_stored_file_bytes_until_refused_or_erased')
    ),
    sa.CheckConstraint(
        "status = 'receiving' OR received_at IS NOT NULL OR status IN ('refused', 'erased')",
        name=op.f('ck_stored_file_received_once_whole')
    ),
    sa.CheckConstraint(
        "status <> 'clean' OR (checked_at IS NOT NULL AND sha256 IS NOT NULL)",
        name=op.f('ck_stored_file_clean_was_checked')
    ),
    sa.CheckConstraint(
        "status <> 'clean' OR storage_key LIKE 'clean/%'", name=op.f('ck_stored_file_clean_room_once_clean')
    ),
    sa.CheckConstraint(
        "status NOT IN ('receiving', 'quarantined') OR storage_key LIKE 'quarantine/%'",
        name=op.f('ck_stored_file_quarantine_until_clean')
    ),
    sa.CheckConstraint(
        "status <> 'refused' OR refused_reason IS NOT NULL", name=op.f('ck_stored_file_refused_says_why')
    ),
    sa.CheckConstraint(
        "(status = 'erased') = (erased_at IS NOT NULL) AND (status <> 'erased' OR original_name = '')",
        name=op.f('ck_stored_file_erased_keeps_no_name')
    ),
    sa.CheckConstraint(
        "seconds IS NULL OR kind IN ('audio', 'video')", name=op.f('ck_stored_file_only_media_last')
    ),
    sa.CheckConstraint(
        "status <> 'clean' OR kind NOT IN ('audio', 'video') OR seconds IS NOT NULL",
        name=op.f('ck_stored_file_clean_media_has_a_length')
    ),
    sa.ForeignKeyConstraint(
        ['organisation_id'], ['organisation.id'], name=op.f('fk_stored_file_organisation_id_organisation')
    ),
    sa.ForeignKeyConstraint(
        ['uploaded_by_id'], ['user.id'], name=op.f('fk_stored_file_uploaded_by_id_user'), ondelete='SET NULL'
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stored_file')),
    sa.UniqueConstraint('storage_key', name=op.f('uq_stored_file_storage_key')),
    sa.UniqueConstraint('uploaded_by_id', 'once', name=op.f('uq_stored_file_uploaded_by_id_once'))
    )
    op.create_index(op.f('ix_stored_file_organisation_id'), 'stored_file', ['organisation_id'])
    op.create_index(op.f('ix_stored_file_uploaded_by_id'), 'stored_file', ['uploaded_by_id'])
    op.create_index(op.f('ix_stored_file_status'), 'stored_file', ['status'])
    op.create_table('file_use',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('file_id', sa.Uuid(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(
        ['application_id'], ['application.id'], name=op.f('fk_file_use_application_id_application')
    ),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_file_use_file_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file_use')),
    sa.UniqueConstraint(
        'file_id', 'application_id', 'place', name=op.f('uq_file_use_file_id_application_id_place')
    )
    )
    op.create_index(op.f('ix_file_use_application_id'), 'file_use', ['application_id'])
    op.create_index(op.f('ix_file_use_file_id'), 'file_use', ['file_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_file_use_file_id'), table_name='file_use')
    op.drop_index(op.f('ix_file_use_application_id'), table_name='file_use')
    op.drop_table('file_use')
    op.drop_index(op.f('ix_stored_file_status'), table_name='stored_file')
    op.drop_index(op.f('ix_stored_file_uploaded_by_id'), table_name='stored_file')
    op.drop_index(op.f('ix_stored_file_organisation_id'), table_name='stored_file')
    op.drop_table('stored_file')
