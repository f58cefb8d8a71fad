"""Checks with a state, an owner, a day and help; conditions of grants; lines of public registers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0063'
down_revision = '0062'
branch_labels = None
depends_on = None


def kinds(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


STATUS = kinds('checkstatus', 'open', 'help_offered', 'done', 'not_needed')
NOT_NEEDED = kinds('notneeded', 'grant_size', 'legal_form', 'none_there', 'fund_decided')
EVIDENCE = kinds('evidence', 'governing', 'safeguarding', 'accounts', 'bank', 'register', 'conversation', 'host', 'our_records')
RULES = (
    ('settled_has_a_time', "(status IN ('done', 'not_needed')) = (done_at IS NOT NULL)"),
    ('not_needed_says_why', "(status = 'not_needed') = (not_needed IS NOT NULL)"),
    ('fund_says_why', "not_needed <> 'fund_decided' OR note <> ''"),
    ('says_which_help', "status <> 'help_offered' OR help <> ''"),
)


def upgrade() -> None:
    op.create_table('award_condition',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('help', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('more_time_until', sa.Date(), nullable=True),
    sa.Column('owner_id', sa.Uuid(), nullable=True),
    sa.Column('status', kinds('conditionstatus', 'open', 'met', 'lifted'), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by_id', sa.Uuid(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint("words <> '' AND help <> ''", name=op.f('ck_award_condition_says_what_and_who_helps')),
    sa.CheckConstraint("more_time_until > due_on", name=op.f('ck_award_condition_more_time_is_more')),
    sa.CheckConstraint("(status = 'open') = (settled_at IS NULL)", name=op.f('ck_award_condition_settled_has_a_time')),
    sa.CheckConstraint("status <> 'lifted' OR note <> ''", name=op.f('ck_award_condition_lifted_says_why')),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_award_condition_award_id_award')),
    sa.ForeignKeyConstraint(['owner_id'], ['user.id'], name=op.f('fk_award_condition_owner_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['settled_by_id'], ['user.id'], name=op.f('fk_award_condition_settled_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_condition'))
    )
    op.create_index(op.f('ix_award_condition_award_id'), 'award_condition', ['award_id'])
    op.create_index(op.f('ix_award_condition_status'), 'award_condition', ['status'])
    op.create_table('register_entry',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('register', sa.String(length=20), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('status', sa.String(length=60), nullable=False),
    sa.Column('status_on', sa.Date(), nullable=True),
    sa.Column('file_of', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_entry')),
    sa.UniqueConstraint('register', 'number', name=op.f('uq_register_entry_register_number'))
    )
    with op.batch_alter_table('check_item') as batch:
        batch.add_column(sa.Column('status', STATUS, nullable=False, server_default='open'))
        batch.add_column(sa.Column('not_needed', NOT_NEEDED, nullable=True))
        batch.add_column(sa.Column('evidence', EVIDENCE, nullable=True))
        batch.add_column(sa.Column('help', sa.Text(), nullable=False, server_default=''))
        batch.add_column(sa.Column('owner_id', sa.Uuid(), nullable=True))
        batch.add_column(sa.Column('due_on', sa.Date(), nullable=True))
        batch.create_foreign_key(op.f('fk_check_item_owner_id_user'), 'user', ['owner_id'], ['id'], ondelete='SET NULL')
    op.execute("UPDATE check_item SET status = 'done' WHERE done_at IS NOT NULL")
    with op.batch_alter_table('check_item') as batch:
        batch.alter_column('status', server_default=None)
        batch.alter_column('help', server_default=None)
        for name, rule in RULES:
            batch.create_check_constraint(op.f(f'ck_check_item_{name}'), rule)


def downgrade() -> None:
    with op.batch_alter_table('check_item') as batch:
        for name in (*(name for name, _rule in RULES), 'checkstatus', 'notneeded', 'evidence'):
            batch.drop_constraint(op.f(f'ck_check_item_{name}'), type_='check')
        batch.drop_constraint(op.f('fk_check_item_owner_id_user'), type_='foreignkey')
        for column in ('due_on', 'owner_id', 'help', 'evidence', 'not_needed', 'status'):
            batch.drop_column(column)
    op.drop_table('register_entry')
    for column in ('status', 'award_id'):
        op.drop_index(op.f(f'ix_award_condition_{column}'), table_name='award_condition')
    op.drop_table('award_condition')
