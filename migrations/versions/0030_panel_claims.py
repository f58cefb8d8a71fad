"""How panel members are paid and want to read, and what they ask for; receipts belong to no group."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

FORMATS = ('screen', 'print', 'large_print', 'recorded', 'by_phone')
KINDS = ('fee', 'care', 'travel', 'data', 'interpreter', 'other')
STATES = ('asked', 'approved', 'returned', 'paid', 'taken_back')


def upgrade() -> None:
    paper_format = sa.Enum(*FORMATS, name='paperformat', native_enum=False, create_constraint=True, length=40)
    with op.batch_alter_table('panel_seat', schema=None) as table:
        table.add_column(sa.Column('pay_way', sa.String(length=40), nullable=True))
        table.add_column(sa.Column('pay_to', sa.String(length=200), nullable=False, server_default=''))
        table.add_column(sa.Column('paper_format', paper_format, nullable=False, server_default='screen'))
        table.add_column(sa.Column('paper_note', sa.Text(), nullable=False, server_default=''))
    with op.batch_alter_table('panel_seat', schema=None) as table:
        for name in ('pay_to', 'paper_format', 'paper_note'):
            table.alter_column(name, server_default=None)
    with op.batch_alter_table('stored_file', schema=None) as table:
        table.alter_column('organisation_id', existing_type=sa.Uuid(), nullable=True)
    op.create_table('panel_claim',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum(*KINDS, name='claimfor', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('half_days', sa.Integer(), nullable=True),
    sa.Column('counted_half_days', sa.Integer(), nullable=True),
    sa.Column('what_for', sa.Text(), nullable=False),
    sa.Column('receipt_id', sa.Uuid(), nullable=True),
    sa.Column('status', sa.Enum(*STATES, name='panelclaimstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_by_id', sa.Uuid(), nullable=True),
    sa.Column('returned_reason', sa.Text(), nullable=False),
    sa.Column('paid_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('paid_way', sa.String(length=40), nullable=True),
    sa.Column('once', sa.String(length=64), nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_panel_claim_amount_positive')),
    sa.CheckConstraint("(kind = 'fee') = (half_days IS NOT NULL)", name=op.f('ck_panel_claim_fee_has_half_days')),
    sa.CheckConstraint("(kind = 'fee') = (counted_half_days IS NOT NULL)", name=op.f('ck_panel_claim_fee_was_counted')),
    sa.CheckConstraint(
        "(status = 'paid') = (paid_at IS NOT NULL) AND (status = 'paid') = (paid_way IS NOT NULL)",
        name=op.f('ck_panel_claim_paid_once_and_somehow'),
    ),
    sa.CheckConstraint(
        "status NOT IN ('approved', 'paid') OR approved_by_id IS NOT NULL",
        name=op.f('ck_panel_claim_approved_by_somebody'),
    ),
    sa.CheckConstraint("status <> 'returned' OR returned_reason <> ''", name=op.f('ck_panel_claim_returned_says_why')),
    sa.ForeignKeyConstraint(['seat_id'], ['panel_seat.id'], name=op.f('fk_panel_claim_seat_id_panel_seat')),
    sa.ForeignKeyConstraint(['receipt_id'], ['stored_file.id'], name=op.f('fk_panel_claim_receipt_id_stored_file')),
    sa.ForeignKeyConstraint(['approved_by_id'], ['user.id'], name=op.f('fk_panel_claim_approved_by_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_claim')),
    sa.UniqueConstraint('receipt_id', name=op.f('uq_panel_claim_receipt_id')),
    sa.UniqueConstraint('seat_id', 'once', name=op.f('uq_panel_claim_seat_id_once'))
    )
    with op.batch_alter_table('panel_claim', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_panel_claim_seat_id'), ['seat_id'], unique=False)


def downgrade() -> None:
    op.drop_table('panel_claim')
    op.execute("DELETE FROM stored_file WHERE organisation_id IS NULL")
    with op.batch_alter_table('stored_file', schema=None) as table:
        table.alter_column('organisation_id', existing_type=sa.Uuid(), nullable=False)
    with op.batch_alter_table('panel_seat', schema=None) as table:
        table.drop_column('paper_note')
        table.drop_constraint(op.f('ck_panel_seat_paperformat'), type_='check')
        table.drop_column('paper_format')
        table.drop_column('pay_to')
        table.drop_column('pay_way')
