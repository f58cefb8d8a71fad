"""Who offers help besides money, groups that share what they know, and who was brought together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0073'
down_revision = '0072'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('support_offer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_name', sa.String(length=200), nullable=False),
    sa.Column('topics', sa.JSON(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('boroughs', sa.JSON(), nullable=False),
    sa.Column('is_online', sa.Boolean(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('payer', sa.Enum('free', 'fund', 'group', name='payer', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reach', sa.String(length=254), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("what <> '' AND reach <> ''", name=op.f('ck_support_offer_says_what_and_how')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_support_offer_call_id_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_offer'))
    )
    op.create_index(op.f('ix_support_offer_call_id'), 'support_offer', ['call_id'], unique=False)
    op.create_table('support_peer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('topics', sa.JSON(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_support_peer_application_id_application')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_support_peer_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_peer')),
    sa.UniqueConstraint('application_id', name=op.f('uq_support_peer_application_id'))
    )
    op.create_index(op.f('ix_support_peer_user_id'), 'support_peer', ['user_id'], unique=False)
    op.create_table('support_introduction',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('offer_id', sa.Uuid(), nullable=True),
    sa.Column('peer_id', sa.Uuid(), nullable=True),
    sa.Column('status', sa.Enum('suggested', 'wanted', 'not_wanted', 'withdrawn', name='introductionstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('(offer_id IS NULL) <> (peer_id IS NULL)', name=op.f('ck_support_introduction_one_other_side')),
    sa.CheckConstraint("status NOT IN ('wanted', 'not_wanted') OR answered_at IS NOT NULL", name=op.f('ck_support_introduction_answered_once_decided')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['user.id'], name=op.f('fk_support_introduction_answered_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_support_introduction_application_id_application')),
    sa.ForeignKeyConstraint(['offer_id'], ['support_offer.id'], name=op.f('fk_support_introduction_offer_id_support_offer')),
    sa.ForeignKeyConstraint(['peer_id'], ['support_peer.id'], name=op.f('fk_support_introduction_peer_id_support_peer'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_introduction')),
    sa.UniqueConstraint('application_id', 'offer_id', name=op.f('uq_support_introduction_application_id_offer_id')),
    sa.UniqueConstraint('application_id', 'peer_id', name=op.f('uq_support_introduction_application_id_peer_id'))
    )
    for column in ('application_id', 'offer_id', 'peer_id'):
        op.create_index(op.f(f'ix_support_introduction_{column}'), 'support_introduction', [column], unique=False)


def downgrade() -> None:
    for column in ('peer_id', 'offer_id', 'application_id'):
        op.drop_index(op.f(f'ix_support_introduction_{column}'), table_name='support_introduction')
    op.drop_table('support_introduction')
    op.drop_index(op.f('ix_support_peer_user_id'), table_name='support_peer')
    op.drop_table('support_peer')
    op.drop_index(op.f('ix_support_offer_call_id'), table_name='support_offer')
    op.drop_table('support_offer')
