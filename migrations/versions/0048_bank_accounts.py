"""Bank accounts of grants: numbers sealed, four people, days to object."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0048'
down_revision = '0047'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bank_account',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Enum('proposed', 'signed', 'checked', 'replaced', 'stopped', name='accountstatus',
        native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('last_digits', sa.String(length=4), nullable=False),
    sa.Column('is_change', sa.Boolean(), nullable=False),
    sa.Column('proposed_by_id', sa.Uuid(), nullable=False),
    sa.Column('signed_by_id', sa.Uuid(), nullable=True),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('checked_by_id', sa.Uuid(), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('statement_id', sa.Uuid(), nullable=True),
    sa.Column('reached_by', sa.Enum('phone', 'in_person', name='reachedby',
        native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('name_check', sa.Enum('match', 'close', 'not_answered', name='namecheck',
        native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('usable_from', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stopped_reason', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint(
        'proposed_by_id <> signed_by_id AND proposed_by_id <> checked_by_id'
        ' AND signed_by_id <> checked_by_id',
        name=op.f('ck_bank_account_different_people'),
    ),
    sa.CheckConstraint(
        '(signed_by_id IS NULL) = (signed_at IS NULL)', name=op.f('ck_bank_account_signed_has_a_time')
    ),
    sa.CheckConstraint(
        "status IN ('proposed', 'stopped') OR signed_by_id IS NOT NULL",
        name=op.f('ck_bank_account_signed_by_a_second_person'),
    ),
    sa.CheckConstraint(
        "status NOT IN ('checked', 'replaced') OR (checked_by_id IS NOT NULL AND checked_at IS NOT NULL"
        " AND reached_by IS NOT NULL AND name_check IS NOT NULL AND usable_from > checked_at)",
        name=op.f('ck_bank_account_checked_wholly'),
    ),
    sa.CheckConstraint(
        "(status = 'stopped') = (stopped_at IS NOT NULL)", name=op.f('ck_bank_account_stopped_has_a_time')
    ),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_bank_account_award_id_award')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['user.id'], name=op.f('fk_bank_account_proposed_by_id_user')),
    sa.ForeignKeyConstraint(['signed_by_id'], ['user.id'], name=op.f('fk_bank_account_signed_by_id_user')),
    sa.ForeignKeyConstraint(['checked_by_id'], ['user.id'], name=op.f('fk_bank_account_checked_by_id_user')),
    sa.ForeignKeyConstraint(['statement_id'], ['organisation_document.id'],
        name=op.f('fk_bank_account_statement_id_organisation_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_account'))
    )
    op.create_index(op.f('ix_bank_account_award_id'), 'bank_account', ['award_id'])
    op.create_index(op.f('ix_bank_account_fingerprint'), 'bank_account', ['fingerprint'])
    waiting, checked = sa.text("status IN ('proposed', 'signed')"), sa.text("status = 'checked'")
    op.create_index('uq_bank_account_waiting', 'bank_account', ['award_id'], unique=True,
        sqlite_where=waiting, postgresql_where=waiting)
    op.create_index('uq_bank_account_checked', 'bank_account', ['award_id'], unique=True,
        sqlite_where=checked, postgresql_where=checked)


def downgrade() -> None:
    op.drop_index('uq_bank_account_checked', table_name='bank_account')
    op.drop_index('uq_bank_account_waiting', table_name='bank_account')
    op.drop_index(op.f('ix_bank_account_fingerprint'), table_name='bank_account')
    op.drop_index(op.f('ix_bank_account_award_id'), table_name='bank_account')
    op.drop_table('bank_account')
