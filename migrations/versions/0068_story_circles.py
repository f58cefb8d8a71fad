"""Story circles: who was invited, what was read, and what was chosen and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0068'
down_revision = '0067'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('story_circle',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('domain', sa.String(length=40), nullable=False),
    sa.Column('level', sa.Enum('grantees', 'panel', name='circlelevel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('status', sa.Enum('open', 'chosen', 'verified', name='circlestatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('story_id', sa.Uuid(), nullable=True),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('written_by_id', sa.Uuid(), nullable=True),
    sa.Column('is_right', sa.Boolean(), nullable=True),
    sa.Column('group_words', sa.Text(), nullable=False),
    sa.Column('group_said_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('how', sa.Text(), nullable=False),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('verified_by_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("status <> 'verified' OR (is_right IS NOT NULL AND is_right AND how <> '' AND verified_at IS NOT NULL)", name=op.f('ck_story_circle_verified_with_the_group')),
    sa.CheckConstraint("status = 'open' OR (story_id IS NOT NULL AND why <> '' AND chosen_at IS NOT NULL)", name=op.f('ck_story_circle_chosen_with_a_reason')),
    sa.CheckConstraint('verified_by_id <> written_by_id', name=op.f('ck_story_circle_verified_by_a_second_person')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_story_circle_call_id_call')),
    sa.ForeignKeyConstraint(['story_id'], ['story.id'], name=op.f('fk_story_circle_story_id_story')),
    sa.ForeignKeyConstraint(['verified_by_id'], ['user.id'], name=op.f('fk_story_circle_verified_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['written_by_id'], ['user.id'], name=op.f('fk_story_circle_written_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_story_circle'))
    )
    op.create_index(op.f('ix_story_circle_call_id'), 'story_circle', ['call_id'], unique=False)
    op.create_index(op.f('ix_story_circle_story_id'), 'story_circle', ['story_id'], unique=False)
    op.create_table('circle_seat',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('circle_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('story_id', sa.Uuid(), nullable=True),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=True),
    sa.Column('spoken_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("spoken_at IS NULL OR (story_id IS NOT NULL AND why <> '')", name=op.f('ck_circle_seat_spoken_with_a_reason')),
    sa.ForeignKeyConstraint(['circle_id'], ['story_circle.id'], name=op.f('fk_circle_seat_circle_id_story_circle')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_circle_seat_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['story_id'], ['story.id'], name=op.f('fk_circle_seat_story_id_story')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_circle_seat_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_circle_seat')),
    sa.UniqueConstraint('circle_id', 'user_id', name=op.f('uq_circle_seat_circle_id_user_id'))
    )
    op.create_index(op.f('ix_circle_seat_user_id'), 'circle_seat', ['user_id'], unique=False)
    op.create_table('circle_story',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('circle_id', sa.Uuid(), nullable=False),
    sa.Column('story_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['circle_id'], ['story_circle.id'], name=op.f('fk_circle_story_circle_id_story_circle')),
    sa.ForeignKeyConstraint(['story_id'], ['story.id'], name=op.f('fk_circle_story_story_id_story')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_circle_story')),
    sa.UniqueConstraint('circle_id', 'story_id', name=op.f('uq_circle_story_circle_id_story_id'))
    )
    op.create_index(op.f('ix_circle_story_story_id'), 'circle_story', ['story_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_circle_story_story_id'), table_name='circle_story')
    op.drop_table('circle_story')
    op.drop_index(op.f('ix_circle_seat_user_id'), table_name='circle_seat')
    op.drop_table('circle_seat')
    op.drop_index(op.f('ix_story_circle_story_id'), table_name='story_circle')
    op.drop_index(op.f('ix_story_circle_call_id'), table_name='story_circle')
    op.drop_table('story_circle')
