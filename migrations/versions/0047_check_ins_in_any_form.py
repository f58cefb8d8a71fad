"""Check-ins told by voice, photo or a paper, or typed by the fund and confirmed by the group."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0047'
down_revision = '0046'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('check_in') as batch:
        batch.add_column(sa.Column('link', sa.String(length=500), nullable=False, server_default=''))
        batch.add_column(sa.Column('typed_by_fund', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column('correction', sa.Text(), nullable=False, server_default=''))
        batch.create_check_constraint(op.f('ck_check_in_confirmed_once_held'), 'confirmed_at IS NULL OR held_at IS NOT NULL')
        batch.create_check_constraint(op.f('ck_check_in_corrected_once_read'), "correction = '' OR confirmed_at IS NOT NULL")
    with op.batch_alter_table('check_in') as batch:
        for column in ('link', 'typed_by_fund', 'correction'):
            batch.alter_column(column, server_default=None)
    op.create_table('check_in_file',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('check_in_id', sa.Uuid(), nullable=False),
    sa.Column('file_id', sa.Uuid(), nullable=False),
    sa.Column('added_by_id', sa.Uuid(), nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['added_by_id'], ['user.id'], name=op.f('fk_check_in_file_added_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['check_in_id'], ['check_in.id'], name=op.f('fk_check_in_file_check_in_id_check_in')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_check_in_file_file_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_in_file')),
    sa.UniqueConstraint('file_id', name=op.f('uq_check_in_file_file_id'))
    )
    op.create_index(op.f('ix_check_in_file_check_in_id'), 'check_in_file', ['check_in_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_check_in_file_check_in_id'), table_name='check_in_file')
    op.drop_table('check_in_file')
    with op.batch_alter_table('check_in') as batch:
        batch.drop_constraint(op.f('ck_check_in_corrected_once_read'), type_='check')
        batch.drop_constraint(op.f('ck_check_in_confirmed_once_held'), type_='check')
        for column in ('correction', 'confirmed_at', 'typed_by_fund', 'link'):
            batch.drop_column(column)
