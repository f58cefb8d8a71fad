"""Documents of groups, used again from call to call."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('organisation_document',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('file_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum(
        'governing', 'safeguarding', 'accounts', 'bank', 'other',
        name='documentkind', native_enum=False, create_constraint=True, length=40
    ), nullable=False),
    sa.Column('added_by_id', sa.Uuid(), nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(
        ['added_by_id'], ['user.id'], name=op.f('fk_organisation_document_added_by_id_user'), ondelete='SET NULL'
    ),
    sa.ForeignKeyConstraint(
        ['file_id'], ['stored_file.id'], name=op.f('fk_organisation_document_file_id_stored_file')
    ),
    sa.ForeignKeyConstraint(
        ['organisation_id'], ['organisation.id'], name=op.f('fk_organisation_document_organisation_id_organisation')
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation_document')),
    sa.UniqueConstraint('file_id', name=op.f('uq_organisation_document_file_id'))
    )
    op.create_index(
        op.f('ix_organisation_document_organisation_id'), 'organisation_document', ['organisation_id']
    )


def downgrade() -> None:
    op.drop_index(op.f('ix_organisation_document_organisation_id'), table_name='organisation_document')
    op.drop_table('organisation_document')
