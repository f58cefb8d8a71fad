"""Terms of office, people who offer themselves for a panel, and the draw among them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0045'
down_revision = '0044'
branch_labels = None
depends_on = None

SEAT_KINDS = sa.Enum('umbrella', 'lived_experience', 'past_grantee', 'funder_officer', name='seatkind', native_enum=False, create_constraint=True, length=40)
STATUSES = sa.Enum('offered', 'drawn', 'seated', 'left', name='candidatestatus', native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.add_column('panel_seat', sa.Column('term_from', sa.Date(), nullable=True))
    op.add_column('panel_seat', sa.Column('term_to', sa.Date(), nullable=True))
    op.create_table('panel_candidate',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('kind', SEAT_KINDS, nullable=False),
    sa.Column('number', sa.String(length=12), nullable=False),
    sa.Column('status', STATUSES, nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('reads_in', sa.JSON(), nullable=False),
    sa.Column('groups', sa.JSON(), nullable=False),
    sa.Column('said_yes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('said_no_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('added_by_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("email <> '' OR phone <> ''", name=op.f('ck_panel_candidate_can_be_reached')),
    sa.ForeignKeyConstraint(['added_by_id'], ['user.id'], name=op.f('fk_panel_candidate_added_by_id_user')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_panel_candidate_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_candidate')),
    sa.UniqueConstraint('round_id', 'number', name=op.f('uq_panel_candidate_round_id_number'))
    )
    op.create_index(op.f('ix_panel_candidate_round_id'), 'panel_candidate', ['round_id'])
    op.create_table('panel_draw',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('kind', SEAT_KINDS, nullable=False),
    sa.Column('seed', sa.String(length=64), nullable=False),
    sa.Column('commitment', sa.String(length=64), nullable=False),
    sa.Column('mixed_with', sa.String(length=300), nullable=False),
    sa.Column('quotas', sa.JSON(), nullable=False),
    sa.Column('quotas_reason', sa.Text(), nullable=False),
    sa.Column('fixed', sa.JSON(), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=True),
    sa.Column('fixed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('announced_value', sa.String(length=300), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('drawn', sa.JSON(), nullable=False),
    sa.Column('replacements', sa.JSON(), nullable=False),
    sa.Column('panel', sa.JSON(), nullable=False),
    sa.Column('forgotten_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(fixed_at IS NULL) = (digest IS NULL)', name=op.f('ck_panel_draw_fixed_with_its_digest')),
    sa.CheckConstraint('drawn_at IS NULL OR fixed_at IS NOT NULL', name=op.f('ck_panel_draw_drawn_once_fixed')),
    sa.CheckConstraint('drawn_at >= fixed_at', name=op.f('ck_panel_draw_drawn_after_it_was_fixed')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_panel_draw_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_draw')),
    sa.UniqueConstraint('round_id', 'kind', name=op.f('uq_panel_draw_round_id_kind'))
    )
    op.create_index(op.f('ix_panel_draw_round_id'), 'panel_draw', ['round_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_panel_draw_round_id'), table_name='panel_draw')
    op.drop_table('panel_draw')
    op.drop_index(op.f('ix_panel_candidate_round_id'), table_name='panel_candidate')
    op.drop_table('panel_candidate')
    op.drop_column('panel_seat', 'term_to')
    op.drop_column('panel_seat', 'term_from')
