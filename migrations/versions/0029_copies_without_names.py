"""Copies of applications without names, and whether a panel reads them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('redacted_copy',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('written', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('shown', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_by_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(
        ['application_id'], ['application.id'], name=op.f('fk_redacted_copy_application_id_application')
    ),
    sa.ForeignKeyConstraint(
        ['confirmed_by_id'], ['user.id'], name=op.f('fk_redacted_copy_confirmed_by_id_user'), ondelete='SET NULL'
    ),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_redacted_copy_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_redacted_copy')),
    sa.UniqueConstraint('application_id', name=op.f('uq_redacted_copy_application_id')),
    sa.UniqueConstraint('round_id', 'number', name=op.f('uq_redacted_copy_round_id_number'))
    )
    op.create_index(op.f('ix_redacted_copy_round_id'), 'redacted_copy', ['round_id'])
    with op.batch_alter_table('panel', schema=None) as table:
        table.add_column(sa.Column('names_are_hidden', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('panel', schema=None) as table:
        table.alter_column('names_are_hidden', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('panel', schema=None) as table:
        table.drop_column('names_are_hidden')
    op.drop_index(op.f('ix_redacted_copy_round_id'), table_name='redacted_copy')
    op.drop_table('redacted_copy')
