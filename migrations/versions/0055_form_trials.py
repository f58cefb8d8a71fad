"""Tests of a form, apart from applications."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0055'
down_revision = '0054'
branch_labels = None
depends_on = None

STATUSES = sa.Enum('draft', 'co_design', 'published', 'open', 'closed', 'deciding', 'decided', 'monitoring', 'archived', name='callstatus', native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_index(op.f('ix_call_id_status'), 'call', ['id', 'status'], unique=True)
    op.create_table('form_trial',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('call_status', STATUSES, nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('answers', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('form_digest', sa.String(length=64), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_by_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("call_status IN ('draft', 'co_design', 'published')", name=op.f('ck_form_trial_before_opening')),
    sa.ForeignKeyConstraint(['call_id', 'call_status'], ['call.id', 'call.status'], name=op.f('fk_form_trial_call_id_call_status_call'), onupdate='CASCADE'),
    sa.ForeignKeyConstraint(['sent_by_id'], ['user.id'], name=op.f('fk_form_trial_sent_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form_trial'))
    )
    op.create_index(op.f('ix_form_trial_call_id_call_status'), 'form_trial', ['call_id', 'call_status'])


def downgrade() -> None:
    op.drop_index(op.f('ix_form_trial_call_id_call_status'), table_name='form_trial')
    op.drop_table('form_trial')
    op.drop_index(op.f('ix_call_id_status'), table_name='call')
