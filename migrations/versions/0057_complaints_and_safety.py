"""Complaints, appeals on procedure, and worries about somebody's safety."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0057'
down_revision = '0056'
branch_labels = None
depends_on = None


def kinds(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table('fund') as batch:
        for column in ('safety_lead_id', 'safety_deputy_id'):
            batch.add_column(sa.Column(column, sa.Uuid(), nullable=True))
            batch.create_foreign_key(op.f(f'fk_fund_{column}_user'), 'user', [column], ['id'], ondelete='SET NULL')
    op.create_table('complaint',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=True),
    sa.Column('kind', kinds('complaintkind', 'complaint', 'appeal'), nullable=False),
    sa.Column('about', kinds('complaintabout', 'manager', 'finance', 'admin', 'panel', 'rules', 'other'), nullable=False),
    sa.Column('about_id', sa.Uuid(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('reach', sa.String(length=300), nullable=False),
    sa.Column('code_digest', sa.String(length=64), nullable=True),
    sa.Column('status', kinds('complaintstatus', 'received', 'acknowledged', 'answered'), nullable=False),
    sa.Column('acknowledge_by', sa.Date(), nullable=False),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer_by', sa.Date(), nullable=True),
    sa.Column('handler_id', sa.Uuid(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', kinds('complaintoutcome', 'upheld', 'partly', 'not_upheld'), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.CheckConstraint("(kind = 'appeal') = (application_id IS NOT NULL)", name=op.f('ck_complaint_appeal_has_an_application')),
    sa.CheckConstraint("(status = 'received') = (acknowledged_at IS NULL)", name=op.f('ck_complaint_acknowledged_has_a_time')),
    sa.CheckConstraint('(acknowledged_at IS NULL) = (answer_by IS NULL)', name=op.f('ck_complaint_acknowledging_promises_a_day')),
    sa.CheckConstraint(
        "(status = 'answered') = (answered_at IS NOT NULL AND outcome IS NOT NULL AND answer <> '')",
        name=op.f('ck_complaint_answered_says_what'),
    ),
    sa.ForeignKeyConstraint(['about_id'], ['user.id'], name=op.f('fk_complaint_about_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_complaint_application_id_application')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_complaint_call_id_call')),
    sa.ForeignKeyConstraint(['handler_id'], ['user.id'], name=op.f('fk_complaint_handler_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint')),
    sa.UniqueConstraint('code_digest', name=op.f('uq_complaint_code_digest'))
    )
    for column in ('call_id', 'application_id', 'status'):
        op.create_index(op.f(f'ix_complaint_{column}'), 'complaint', [column])
    op.create_table('safety_flag',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('check_in_id', sa.Uuid(), nullable=False),
    sa.Column('from_group', sa.Boolean(), nullable=False),
    sa.Column('raised_by_id', sa.Uuid(), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('status', kinds('safetystatus', 'raised', 'taken', 'closed'), nullable=False),
    sa.Column('taken_by_id', sa.Uuid(), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint("(status = 'raised') = (taken_at IS NULL)", name=op.f('ck_safety_flag_taken_has_a_time')),
    sa.CheckConstraint(
        "(status = 'closed') = (closed_at IS NOT NULL AND note <> '')", name=op.f('ck_safety_flag_closed_says_what_was_done')
    ),
    sa.ForeignKeyConstraint(['check_in_id'], ['check_in.id'], name=op.f('fk_safety_flag_check_in_id_check_in')),
    sa.ForeignKeyConstraint(['raised_by_id'], ['user.id'], name=op.f('fk_safety_flag_raised_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['taken_by_id'], ['user.id'], name=op.f('fk_safety_flag_taken_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_safety_flag'))
    )
    for column in ('check_in_id', 'status'):
        op.create_index(op.f(f'ix_safety_flag_{column}'), 'safety_flag', [column])


def downgrade() -> None:
    for column in ('status', 'check_in_id'):
        op.drop_index(op.f(f'ix_safety_flag_{column}'), table_name='safety_flag')
    op.drop_table('safety_flag')
    for column in ('status', 'application_id', 'call_id'):
        op.drop_index(op.f(f'ix_complaint_{column}'), table_name='complaint')
    op.drop_table('complaint')
    with op.batch_alter_table('fund') as batch:
        for column in ('safety_deputy_id', 'safety_lead_id'):
            batch.drop_constraint(op.f(f'fk_fund_{column}_user'), type_='foreignkey')
            batch.drop_column(column)
