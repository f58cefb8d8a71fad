"""Votes of a panel, the draw of a round, and the order that came out of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('panel_vote',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('panel_id', sa.Uuid(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('candidates', sa.JSON(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('step IN (1, 2)', name=op.f('ck_panel_vote_one_or_two_steps')),
    sa.ForeignKeyConstraint(['panel_id'], ['panel.id'], name=op.f('fk_panel_vote_panel_id_panel')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_vote')),
    sa.UniqueConstraint('panel_id', 'step', name=op.f('uq_panel_vote_panel_id_step'))
    )
    op.create_index(op.f('ix_panel_vote_panel_id'), 'panel_vote', ['panel_id'])
    op.create_table('ballot',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('vote_id', sa.Uuid(), nullable=False),
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['vote_id'], ['panel_vote.id'], name=op.f('fk_ballot_vote_id_panel_vote')),
    sa.ForeignKeyConstraint(['seat_id'], ['panel_seat.id'], name=op.f('fk_ballot_seat_id_panel_seat')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ballot')),
    sa.UniqueConstraint('vote_id', 'seat_id', name=op.f('uq_ballot_vote_id_seat_id'))
    )
    op.create_index(op.f('ix_ballot_vote_id'), 'ballot', ['vote_id'])
    op.create_index(op.f('ix_ballot_seat_id'), 'ballot', ['seat_id'])
    op.create_table('ballot_choice',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ballot_id', sa.Uuid(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.CheckConstraint('amount > 0', name=op.f('ck_ballot_choice_amount_positive')),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_ballot_choice_ballot_id_ballot')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_ballot_choice_application_id_application')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ballot_choice')),
    sa.UniqueConstraint('ballot_id', 'application_id', name=op.f('uq_ballot_choice_ballot_id_application_id'))
    )
    op.create_index(op.f('ix_ballot_choice_ballot_id'), 'ballot_choice', ['ballot_id'])
    op.create_index(op.f('ix_ballot_choice_application_id'), 'ballot_choice', ['application_id'])
    op.create_table('draw',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('seed', sa.String(length=64), nullable=False),
    sa.Column('commitment', sa.String(length=64), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_draw_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draw')),
    sa.UniqueConstraint('round_id', name=op.f('uq_draw_round_id'))
    )
    op.create_table('decided_place',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('reason', sa.JSON(), nullable=False),
    sa.CheckConstraint('place >= 1', name=op.f('ck_decided_place_place_from_one')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_decided_place_round_id_round')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_decided_place_application_id_application')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decided_place')),
    sa.UniqueConstraint('application_id', name=op.f('uq_decided_place_application_id')),
    sa.UniqueConstraint('round_id', 'place', name=op.f('uq_decided_place_round_id_place'))
    )
    op.create_index(op.f('ix_decided_place_round_id'), 'decided_place', ['round_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_decided_place_round_id'), table_name='decided_place')
    op.drop_table('decided_place')
    op.drop_table('draw')
    op.drop_index(op.f('ix_ballot_choice_application_id'), table_name='ballot_choice')
    op.drop_index(op.f('ix_ballot_choice_ballot_id'), table_name='ballot_choice')
    op.drop_table('ballot_choice')
    op.drop_index(op.f('ix_ballot_seat_id'), table_name='ballot')
    op.drop_index(op.f('ix_ballot_vote_id'), table_name='ballot')
    op.drop_table('ballot')
    op.drop_index(op.f('ix_panel_vote_panel_id'), table_name='panel_vote')
    op.drop_table('panel_vote')
