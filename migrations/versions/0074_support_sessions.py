"""Sessions of help for the groups of a call, and which groups come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0074'
down_revision = '0073'
branch_labels = None
depends_on = None

TOPICS = ('money', 'fundraising', 'governance', 'safeguarding', 'wellbeing', 'premises', 'digital', 'languages', 'evidence', 'partnerships', 'law', 'other')


def upgrade() -> None:
    op.create_table('support_session',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('topic', sa.Enum(*TOPICS, name='supporttopic', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_online', sa.Boolean(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('has_interpreters', sa.Boolean(), nullable=False),
    sa.Column('has_child_care', sa.Boolean(), nullable=False),
    sa.Column('costs', sa.Text(), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('planned', 'cancelled', name='sessionstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('places > 0', name=op.f('ck_support_session_some_places')),
    sa.CheckConstraint("status <> 'cancelled' OR why <> ''", name=op.f('ck_support_session_cancelled_says_why')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_support_session_call_id_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_session'))
    )
    op.create_index(op.f('ix_support_session_call_id'), 'support_session', ['call_id'], unique=False)
    op.create_table('support_place',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('session_id', sa.Uuid(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('said_by_id', sa.Uuid(), nullable=True),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('needs', sa.Text(), nullable=False),
    sa.Column('status', sa.Enum('coming', 'waiting', 'taken_back', 'came', name='placestatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('people > 0', name=op.f('ck_support_place_somebody_comes')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_support_place_application_id_application')),
    sa.ForeignKeyConstraint(['said_by_id'], ['user.id'], name=op.f('fk_support_place_said_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['session_id'], ['support_session.id'], name=op.f('fk_support_place_session_id_support_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_place')),
    sa.UniqueConstraint('session_id', 'application_id', name=op.f('uq_support_place_session_id_application_id'))
    )
    op.create_index(op.f('ix_support_place_application_id'), 'support_place', ['application_id'], unique=False)
    op.create_index(op.f('ix_support_place_said_by_id'), 'support_place', ['said_by_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_support_place_said_by_id'), table_name='support_place')
    op.drop_index(op.f('ix_support_place_application_id'), table_name='support_place')
    op.drop_table('support_place')
    op.drop_index(op.f('ix_support_session_call_id'), table_name='support_session')
    op.drop_table('support_session')
