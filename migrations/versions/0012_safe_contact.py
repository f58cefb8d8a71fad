"""Whether mail to a person is safe, at which hours, and notices that wait instead."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('contact_rule',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('mail_is_safe', sa.Boolean(), nullable=False),
    sa.Column('hours_from', sa.Integer(), nullable=True),
    sa.Column('hours_to', sa.Integer(), nullable=True),
    sa.Column('wants_reminders', sa.Boolean(), nullable=False),
    sa.CheckConstraint(
        '(hours_from IS NULL) = (hours_to IS NULL)', name=op.f('ck_contact_rule_both_hours_or_none')
    ),
    sa.CheckConstraint(
        'hours_from BETWEEN 0 AND 23 AND hours_to BETWEEN 0 AND 23 AND hours_from <> hours_to',
        name=op.f('ck_contact_rule_hours_of_a_day'),
    ),
    sa.ForeignKeyConstraint(
        ['user_id'], ['user.id'], name=op.f('fk_contact_rule_user_id_user'), ondelete='CASCADE'
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_rule')),
    sa.UniqueConstraint('user_id', name=op.f('uq_contact_rule_user_id'))
    )
    op.add_column('message', sa.Column('address', sa.String(length=254), nullable=True))
    op.add_column('message', sa.Column('waits_since', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('message', 'waits_since')
    op.drop_column('message', 'address')
    op.drop_table('contact_rule')
