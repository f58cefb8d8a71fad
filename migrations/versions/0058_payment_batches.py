"""Payments told to the bank together, and what the database itself refuses once they are approved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0058'
down_revision = '0057'
branch_labels = None
depends_on = None

GUARDS = {
    'payment_batch_frozen': (
        'payment_batch',
        'UPDATE',
        "OLD.status <> 'open' AND (NEW.call_id IS DISTINCT FROM OLD.call_id OR NEW.pay_on "
        "IS DISTINCT FROM OLD.pay_on OR NEW.made_by_id IS DISTINCT FROM OLD.made_by_id OR "
        "NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id OR NEW.approved_at IS "
        "DISTINCT FROM OLD.approved_at OR NEW.fund_account_id IS DISTINCT FROM "
        "OLD.fund_account_id OR NEW.total IS DISTINCT FROM OLD.total OR NEW.file_digest "
        "IS DISTINCT FROM OLD.file_digest OR NEW.csv_digest IS DISTINCT FROM "
        "OLD.csv_digest)",
    ),
    'payment_batch_kept': (
        'payment_batch',
        'DELETE',
        "1 = 1",
    ),
    'payment_line_frozen': (
        'payment_line',
        'UPDATE',
        "NEW.batch_id IS DISTINCT FROM OLD.batch_id OR NEW.instalment_id IS DISTINCT FROM "
        "OLD.instalment_id OR NEW.bank_account_id IS DISTINCT FROM OLD.bank_account_id OR "
        "NEW.amount IS DISTINCT FROM OLD.amount OR NEW.reference IS DISTINCT FROM "
        "OLD.reference OR NEW.status <> OLD.status AND NOT (OLD.status = 'listed' AND "
        "NEW.status IN ('sent', 'dropped') OR OLD.status = 'sent' AND NEW.status IN "
        "('paid', 'returned') OR OLD.status = 'paid' AND NEW.status = 'returned')",
    ),
    'payment_line_kept': (
        'payment_line',
        'DELETE',
        "1 = 1",
    ),
    'payment_line_added': (
        'payment_line',
        'INSERT',
        "(SELECT status FROM payment_batch WHERE id = NEW.batch_id) <> 'open'",
    ),
    'instalment_paid_frozen': (
        'instalment',
        'UPDATE',
        "OLD.status = 'paid' AND (NEW.amount <> OLD.amount OR NEW.award_id <> "
        "OLD.award_id OR NEW.number <> OLD.number)",
    ),
    'instalment_paid_kept': (
        'instalment',
        'DELETE',
        "OLD.status = 'paid'",
    ),
}


def upgrade() -> None:
    op.create_table('fund_account',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('fund_id', sa.Uuid(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('last_digits', sa.String(length=4), nullable=False),
    sa.ForeignKeyConstraint(['fund_id'], ['fund.id'], name=op.f('fk_fund_account_fund_id_fund')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fund_account'))
    )
    op.create_index(op.f('ix_fund_account_fund_id'), 'fund_account', ['fund_id'])
    op.create_table('payment_batch',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Enum('open', 'approved', 'settled', 'dropped', name='batchstatus',
        native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('pay_on', sa.Date(), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=False),
    sa.Column('approved_by_id', sa.Uuid(), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('fund_account_id', sa.Uuid(), nullable=True),
    sa.Column('total', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.Column('file_digest', sa.String(length=64), nullable=True),
    sa.Column('csv_digest', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('approved_by_id <> made_by_id', name=op.f('ck_payment_batch_two_people')),
    sa.CheckConstraint(
        "(status IN ('approved', 'settled')) = (approved_at IS NOT NULL)"
        " AND (approved_at IS NULL) = (file_digest IS NULL)"
        " AND (approved_at IS NULL) = (csv_digest IS NULL)"
        " AND (approved_at IS NULL) = (total IS NULL)"
        " AND (approved_at IS NULL) = (fund_account_id IS NULL)"
        " AND (approved_at IS NULL) = (approved_by_id IS NULL)",
        name=op.f('ck_payment_batch_approved_wholly'),
    ),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_payment_batch_call_id_call')),
    sa.ForeignKeyConstraint(['made_by_id'], ['user.id'], name=op.f('fk_payment_batch_made_by_id_user')),
    sa.ForeignKeyConstraint(['approved_by_id'], ['user.id'], name=op.f('fk_payment_batch_approved_by_id_user')),
    sa.ForeignKeyConstraint(['fund_account_id'], ['fund_account.id'],
        name=op.f('fk_payment_batch_fund_account_id_fund_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_batch'))
    )
    op.create_index(op.f('ix_payment_batch_call_id'), 'payment_batch', ['call_id'])
    op.create_table('payment_line',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('batch_id', sa.Uuid(), nullable=False),
    sa.Column('instalment_id', sa.Uuid(), nullable=False),
    sa.Column('bank_account_id', sa.Uuid(), nullable=False),
    sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('reference', sa.String(length=18), nullable=False),
    sa.Column('status', sa.Enum('listed', 'sent', 'paid', 'returned', 'dropped', name='linestatus',
        native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('bank_reason', sa.String(length=35), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_payment_line_amount_positive')),
    sa.CheckConstraint(
        "(status IN ('paid', 'returned')) = (answered_at IS NOT NULL)",
        name=op.f('ck_payment_line_answered_has_a_time'),
    ),
    sa.ForeignKeyConstraint(['batch_id'], ['payment_batch.id'], name=op.f('fk_payment_line_batch_id_payment_batch')),
    sa.ForeignKeyConstraint(['instalment_id'], ['instalment.id'],
        name=op.f('fk_payment_line_instalment_id_instalment')),
    sa.ForeignKeyConstraint(['bank_account_id'], ['bank_account.id'],
        name=op.f('fk_payment_line_bank_account_id_bank_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_line')),
    sa.UniqueConstraint('reference', name=op.f('uq_payment_line_reference'))
    )
    op.create_index(op.f('ix_payment_line_batch_id'), 'payment_line', ['batch_id'])
    op.create_index('ix_payment_line_instalment_id', 'payment_line', ['instalment_id'])
    live = sa.text("status IN ('listed', 'sent', 'paid')")
    op.create_index('uq_payment_line_live', 'payment_line', ['instalment_id'], unique=True,
        sqlite_where=live, postgresql_where=live)
    for name, (table, event, condition) in GUARDS.items():
        for statement in guard_of(name, table, event, condition):
            op.execute(statement)


def guard_of(name: str, table: str, event: str, condition: str) -> list[str]:
    if op.get_bind().dialect.name == 'sqlite':
        condition = condition.replace(' IS DISTINCT FROM ', ' IS NOT ')
        return [
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
        ]
    row = 'OLD' if event == 'DELETE' else 'NEW'
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation'; END IF; "
        f"RETURN {row}; END $$",
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    for name, (table, _event, _condition) in GUARDS.items():
        op.execute(f'DROP TRIGGER {name}' if is_sqlite else f'DROP TRIGGER {name} ON {table}')
        if not is_sqlite:
            op.execute(f'DROP FUNCTION {name}()')
    op.drop_table('payment_line')
    op.drop_table('payment_batch')
    op.drop_table('fund_account')
