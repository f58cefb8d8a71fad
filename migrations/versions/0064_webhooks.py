"""Addresses of a fund's own tools that are told when something happened."""

import sqlalchemy as sa
from alembic import op

revision = '0064'
down_revision = '0063'
branch_labels = None
depends_on = None

KINDS = ('application.sent', 'application.withdrawn', 'decisions.released', 'award.accepted', 'payment.due', 'payment.paid', 'check_in.due', 'check_in.answered', 'test')


def upgrade() -> None:
    op.create_table('webhook',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('fund_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('kinds', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('was_silent', sa.Boolean(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('quiet_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_status', sa.Integer(), nullable=True),
    sa.Column('reached_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lost_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(failures = 0) = (failing_since IS NULL)', name=op.f('ck_webhook_fails_since_then')),
    sa.CheckConstraint('NOT was_silent OR stopped_at IS NOT NULL', name=op.f('ck_webhook_silence_stops')),
    sa.ForeignKeyConstraint(['fund_id'], ['fund.id'], name=op.f('fk_webhook_fund_id_fund')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_webhook_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook'))
    )
    op.create_index(op.f('ix_webhook_fund_id'), 'webhook', ['fund_id'])
    op.create_index(op.f('ix_webhook_user_id'), 'webhook', ['user_id'])
    op.create_table('webhook_secret',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('webhook_id', sa.Uuid(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['webhook_id'], ['webhook.id'], name=op.f('fk_webhook_secret_webhook_id_webhook'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_secret'))
    )
    op.create_index(op.f('ix_webhook_secret_webhook_id'), 'webhook_secret', ['webhook_id'])
    op.create_index('uq_webhook_secret_without_end', 'webhook_secret', ['webhook_id'], unique=True, sqlite_where=sa.text('ends_at IS NULL'), postgresql_where=sa.text('ends_at IS NULL'))
    op.create_table('webhook_delivery',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('webhook_id', sa.Uuid(), nullable=False),
    sa.Column('event_number', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Enum(*KINDS, name='webhookkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.Enum('waiting', 'delivered', 'given_up', name='deliverystatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(status = 'waiting') = (done_at IS NULL)", name=op.f('ck_webhook_delivery_done_when_settled')),
    sa.ForeignKeyConstraint(['event_number'], ['event.number'], name=op.f('fk_webhook_delivery_event_number_event')),
    sa.ForeignKeyConstraint(['webhook_id'], ['webhook.id'], name=op.f('fk_webhook_delivery_webhook_id_webhook'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_delivery')),
    sa.UniqueConstraint('webhook_id', 'event_number', name=op.f('uq_webhook_delivery_webhook_id_event_number'))
    )
    op.create_index(op.f('ix_webhook_delivery_webhook_id'), 'webhook_delivery', ['webhook_id'])


def downgrade() -> None:
    op.drop_table('webhook_delivery')
    op.drop_table('webhook_secret')
    op.drop_table('webhook')
