"""The panel's meeting: attendance, agenda, what was agreed and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        'meeting',
        sa.Column('panel_id', sa.Uuid(), nullable=False),
        sa.Column('opened_at', MOMENT, nullable=False),
        sa.Column('closed_at', MOMENT, nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['panel_id'], ['panel.id'], name=op.f('fk_meeting_panel_id_panel')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting')),
        sa.UniqueConstraint('panel_id', name=op.f('uq_meeting_panel_id')),
    )
    op.create_table(
        'meeting_item',
        sa.Column('meeting_id', sa.Uuid(), nullable=False),
        sa.Column('application_id', sa.Uuid(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('tier', sa.String(length=20), nullable=False),
        sa.Column('moved_reason', sa.Text(), nullable=False),
        sa.Column(
            'status',
            sa.Enum('waiting', 'on_the_table', 'settled', name='itemstatus', native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column('room_is_clear', sa.Boolean(), nullable=False),
        sa.Column('notes', sa.Text(), nullable=False),
        sa.Column('agreed', sa.JSON(), nullable=True),
        sa.Column(
            'outcome',
            sa.Enum('award', 'reserve', 'decline', name='outcome', native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('votes', sa.Integer(), nullable=True),
        sa.Column('took_part', sa.JSON(), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.CheckConstraint('votes >= 0', name=op.f('ck_meeting_item_votes_not_negative')),
        sa.CheckConstraint(
            "status <> 'settled' OR reason <> ''", name=op.f('ck_meeting_item_settled_says_why')
        ),
        sa.ForeignKeyConstraint(
            ['application_id'], ['application.id'], name=op.f('fk_meeting_item_application_id_application')
        ),
        sa.ForeignKeyConstraint(
            ['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_item_meeting_id_meeting')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_item')),
        sa.UniqueConstraint('application_id', name=op.f('uq_meeting_item_application_id')),
    )
    op.create_index(op.f('ix_meeting_item_meeting_id'), 'meeting_item', ['meeting_id'])
    op.create_table(
        'meeting_presence',
        sa.Column('meeting_id', sa.Uuid(), nullable=False),
        sa.Column('seat_id', sa.Uuid(), nullable=False),
        sa.Column('came_at', MOMENT, nullable=False),
        sa.Column('went_at', MOMENT, nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_presence_meeting_id_meeting')
        ),
        sa.ForeignKeyConstraint(
            ['seat_id'], ['panel_seat.id'], name=op.f('fk_meeting_presence_seat_id_panel_seat')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_presence')),
        sa.UniqueConstraint('meeting_id', 'seat_id', name=op.f('uq_meeting_presence_meeting_id_seat_id')),
    )
    op.create_index(op.f('ix_meeting_presence_meeting_id'), 'meeting_presence', ['meeting_id'])
    op.create_index(op.f('ix_meeting_presence_seat_id'), 'meeting_presence', ['seat_id'])


def downgrade() -> None:
    op.drop_table('meeting_presence')
    op.drop_table('meeting_item')
    op.drop_table('meeting')
