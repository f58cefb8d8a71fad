"""Where a text comes from: said on the phone and typed by the fund, or pasted from another application."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('answer_origin',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer_id', sa.Uuid(), nullable=False),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('phone_interview', 'pasted', name='originkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('pasted_from', sa.String(length=200), nullable=True),
    sa.Column('typed_by_role', sa.Enum('manager', 'finance', 'admin', name='fundrolekind', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint(
        "(kind = 'phone_interview') = (typed_by_role IS NOT NULL)", name=op.f('ck_answer_origin_role_of_who_typed')
    ),
    sa.ForeignKeyConstraint(['answer_id'], ['answer.id'], name=op.f('fk_answer_origin_answer_id_answer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_origin')),
    sa.UniqueConstraint('answer_id', 'rev', name=op.f('uq_answer_origin_answer_id_rev'))
    )
    op.create_index(op.f('ix_answer_origin_answer_id'), 'answer_origin', ['answer_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_answer_origin_answer_id'), table_name='answer_origin')
    op.drop_table('answer_origin')
