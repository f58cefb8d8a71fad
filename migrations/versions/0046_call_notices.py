"""Dated notices of published calls, and from which call a call was copied."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0046'
down_revision = '0045'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('call_notice',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('given_by_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_call_notice_call_id_call')),
    sa.ForeignKeyConstraint(['given_by_id'], ['user.id'], name=op.f('fk_call_notice_given_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_notice'))
    )
    op.create_index(op.f('ix_call_notice_call_id'), 'call_notice', ['call_id'])
    with op.batch_alter_table('call') as batch:
        batch.add_column(sa.Column('made_from_id', sa.Uuid(), nullable=True))
        batch.create_foreign_key(op.f('fk_call_made_from_id_call'), 'call', ['made_from_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('call') as batch:
        batch.drop_constraint(op.f('fk_call_made_from_id_call'), type_='foreignkey')
        batch.drop_column('made_from_id')
    op.drop_index(op.f('ix_call_notice_call_id'), table_name='call_notice')
    op.drop_table('call_notice')
