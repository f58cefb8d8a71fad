"""Payments that wait: who asked, who agreed, why and until which look."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('payment_hold',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('instalment_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('review_on', sa.Date(), nullable=False),
    sa.Column('asked_by_id', sa.Uuid(), nullable=False),
    sa.Column('agreed_by_id', sa.Uuid(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('agreed_by_id <> asked_by_id', name=op.f('ck_payment_hold_two_people')),
    sa.CheckConstraint(
        'agreed_by_id IS NULL OR started_at IS NOT NULL', name=op.f('ck_payment_hold_agreed_has_a_time')
    ),
    sa.ForeignKeyConstraint(
        ['instalment_id'], ['instalment.id'], name=op.f('fk_payment_hold_instalment_id_instalment')
    ),
    sa.ForeignKeyConstraint(['asked_by_id'], ['user.id'], name=op.f('fk_payment_hold_asked_by_id_user')),
    sa.ForeignKeyConstraint(['agreed_by_id'], ['user.id'], name=op.f('fk_payment_hold_agreed_by_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_hold'))
    )
    op.create_index(op.f('ix_payment_hold_instalment_id'), 'payment_hold', ['instalment_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_payment_hold_instalment_id'), table_name='payment_hold')
    op.drop_table('payment_hold')
