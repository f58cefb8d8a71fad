"""Requests for data from outside, and breaches, with the two people named for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0061'
down_revision = '0060'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('fund') as batch:
        for column in ('data_lead_id', 'data_deputy_id'):
            batch.add_column(sa.Column(column, sa.Uuid(), nullable=True))
            batch.create_foreign_key(op.f(f'fk_fund_{column}_user'), 'user', [column], ['id'], ondelete='SET NULL')
    op.create_table('outside_request',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('fund_id', sa.Uuid(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=True),
    sa.Column('asked_by', sa.String(200), nullable=False),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('asked', sa.Text(), nullable=False),
    sa.Column('is_order', sa.Boolean(), nullable=False),
    sa.Column('for_immigration', sa.Boolean(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Enum('received', 'proposed', 'released', 'refused', name='outsidestatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('given', sa.Text(), nullable=False),
    sa.Column('proposed_by_id', sa.Uuid(), nullable=True),
    sa.Column('agreed_by_id', sa.Uuid(), nullable=True),
    sa.Column('release_digest', sa.String(64), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refusal_reason', sa.Text(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_words', sa.Text(), nullable=False),
    sa.Column('forbidden_reason', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(status = 'released') = (agreed_by_id IS NOT NULL AND release_digest IS NOT NULL)", name=op.f('ck_outside_request_released_by_a_second_person')),
    sa.CheckConstraint("NOT (status = 'released' AND for_immigration AND NOT is_order)", name=op.f('ck_outside_request_nothing_for_immigration')),
    sa.CheckConstraint("(status IN ('released', 'refused')) = (ended_at IS NOT NULL)", name=op.f('ck_outside_request_has_an_end')),
    sa.CheckConstraint("status NOT IN ('proposed', 'released') OR (proposed_by_id IS NOT NULL AND given <> '')", name=op.f('ck_outside_request_proposed_says_what')),
    sa.CheckConstraint("(told_at IS NULL) = (told_words = '')", name=op.f('ck_outside_request_told_in_words')),
    sa.CheckConstraint("(status = 'refused') = (refusal_reason <> '')", name=op.f('ck_outside_request_refused_says_why')),
    sa.CheckConstraint("status <> 'released' OR application_id IS NULL OR told_at IS NOT NULL OR forbidden_reason <> ''", name=op.f('ck_outside_request_told_before_it_goes')),
    sa.CheckConstraint('agreed_by_id <> proposed_by_id', name=op.f('ck_outside_request_two_people')),
    sa.ForeignKeyConstraint(['fund_id'], ['fund.id'], name=op.f('fk_outside_request_fund_id_fund')),
    sa.ForeignKeyConstraint(['agreed_by_id'], ['user.id'], name=op.f('fk_outside_request_agreed_by_id_user')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_outside_request_application_id_application')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['user.id'], name=op.f('fk_outside_request_entered_by_id_user')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['user.id'], name=op.f('fk_outside_request_proposed_by_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outside_request'))
    )
    op.create_index(op.f('ix_outside_request_fund_id'), 'outside_request', ['fund_id'])
    op.create_index(op.f('ix_outside_request_application_id'), 'outside_request', ['application_id'])
    op.create_index(op.f('ix_outside_request_status'), 'outside_request', ['status'])
    op.create_table('breach',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('fund_id', sa.Uuid(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=True),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Enum('open', 'closed', name='breachstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('risk', sa.Enum('unlikely', 'likely', 'high', name='breachrisk', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('ico', sa.Enum('told', 'not_told', name='icodecision', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('ico_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ico_reason', sa.Text(), nullable=False),
    sa.Column('late_reason', sa.Text(), nullable=False),
    sa.Column('people_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('people_words', sa.Text(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("ico <> 'told' OR ico_at <= due_at OR late_reason <> ''", name=op.f('ck_breach_late_says_why')),
    sa.CheckConstraint("(ico IS NULL) = (ico_reason = '')", name=op.f('ck_breach_decided_says_why')),
    sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_breach_closed_has_a_time')),
    sa.CheckConstraint('(ico IS NULL) = (ico_at IS NULL) AND (ico IS NULL) = (risk IS NULL)', name=op.f('ck_breach_decided_has_a_time')),
    sa.CheckConstraint("status <> 'closed' OR (ico IS NOT NULL AND people_words <> '' AND (risk <> 'high' OR people_told_at IS NOT NULL))", name=op.f('ck_breach_closed_once_people_know')),
    sa.CheckConstraint("ico <> 'not_told' OR risk = 'unlikely'", name=op.f('ck_breach_not_told_without_a_risk')),
    sa.ForeignKeyConstraint(['fund_id'], ['fund.id'], name=op.f('fk_breach_fund_id_fund')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_breach_application_id_application')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['user.id'], name=op.f('fk_breach_entered_by_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_breach'))
    )
    op.create_index(op.f('ix_breach_fund_id'), 'breach', ['fund_id'])
    op.create_index(op.f('ix_breach_application_id'), 'breach', ['application_id'])
    op.create_index(op.f('ix_breach_status'), 'breach', ['status'])


def downgrade() -> None:
    for table in ('breach', 'outside_request'):
        for column in ('status', 'application_id', 'fund_id'):
            op.drop_index(op.f(f'ix_{table}_{column}'), table_name=table)
        op.drop_table(table)
    with op.batch_alter_table('fund') as batch:
        for column in ('data_deputy_id', 'data_lead_id'):
            batch.drop_constraint(op.f(f'fk_fund_{column}_user'), type_='foreignkey')
            batch.drop_column(column)
