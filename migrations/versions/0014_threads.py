"""Messages between groups and the fund, and promised dates that were missed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

KIND = sa.Enum(
    *('eoi_answered', 'everybody_told', 'feedback', 'reply'),
    name='promisekind',
    native_enum=False,
    create_constraint=True,
    length=40,
)


def upgrade() -> None:
    op.create_table('thread_message',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('from_fund', sa.Boolean(), nullable=False),
    sa.Column('by_helper', sa.Boolean(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('once', sa.String(length=64), nullable=False),
    sa.Column('answer_due_on', sa.Date(), nullable=True),
    sa.Column('due_reason', sa.Text(), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint(
        'from_fund OR answer_due_on IS NOT NULL',
        name=op.f('ck_thread_message_groups_are_promised_an_answer'),
    ),
    sa.ForeignKeyConstraint(
        ['application_id'], ['application.id'], name=op.f('fk_thread_message_application_id_application')
    ),
    sa.ForeignKeyConstraint(
        ['author_id'], ['user.id'], name=op.f('fk_thread_message_author_id_user'), ondelete='SET NULL'
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thread_message')),
    sa.UniqueConstraint('application_id', 'once', name=op.f('uq_thread_message_application_id_once'))
    )
    op.create_index(op.f('ix_thread_message_application_id'), 'thread_message', ['application_id'])
    op.create_table('missed_promise',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('kind', KIND, nullable=False),
    sa.Column('message_id', sa.Uuid(), nullable=True),
    sa.Column('promised_on', sa.Date(), nullable=False),
    sa.Column('new_date', sa.Date(), nullable=True),
    sa.Column('new_reason', sa.Text(), nullable=True),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('once_key', sa.String(length=160), nullable=False),
    sa.CheckConstraint(
        "(kind = 'reply') = (message_id IS NOT NULL)", name=op.f('ck_missed_promise_reply_to_a_message')
    ),
    sa.ForeignKeyConstraint(
        ['application_id'], ['application.id'], name=op.f('fk_missed_promise_application_id_application')
    ),
    sa.ForeignKeyConstraint(
        ['message_id'], ['thread_message.id'], name=op.f('fk_missed_promise_message_id_thread_message')
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_missed_promise')),
    sa.UniqueConstraint('once_key', name=op.f('uq_missed_promise_once_key'))
    )
    op.create_index(op.f('ix_missed_promise_application_id'), 'missed_promise', ['application_id'])
    op.add_column('round', sa.Column('new_dates', sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column('round', 'new_dates')
    op.drop_table('missed_promise')
    op.drop_table('thread_message')
