"""The practice round, and an order of reading of each reader's own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for table, name, length in (('panel', 'order_seed', 32), ('review_assignment', 'order_key', 16)):
        with op.batch_alter_table(table, schema=None) as batch:
            batch.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=''))
        with op.batch_alter_table(table, schema=None) as batch:
            batch.alter_column(name, server_default=None)
    op.create_table('practice_sample',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('panel_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('texts', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['panel_id'], ['panel.id'], name=op.f('fk_practice_sample_panel_id_panel')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_practice_sample')),
    sa.UniqueConstraint('panel_id', 'number', name=op.f('uq_practice_sample_panel_id_number'))
    )
    op.create_index(op.f('ix_practice_sample_panel_id'), 'practice_sample', ['panel_id'])
    op.create_table('practice_sheet',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('sample_id', sa.Uuid(), nullable=False),
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('marks', sa.JSON(), nullable=False),
    sa.Column('locked_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(
        ['sample_id'], ['practice_sample.id'], name=op.f('fk_practice_sheet_sample_id_practice_sample')
    ),
    sa.ForeignKeyConstraint(['seat_id'], ['panel_seat.id'], name=op.f('fk_practice_sheet_seat_id_panel_seat')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_practice_sheet')),
    sa.UniqueConstraint('sample_id', 'seat_id', name=op.f('uq_practice_sheet_sample_id_seat_id'))
    )
    op.create_index(op.f('ix_practice_sheet_sample_id'), 'practice_sheet', ['sample_id'])
    op.create_index(op.f('ix_practice_sheet_seat_id'), 'practice_sheet', ['seat_id'])
    op.create_table('level_agreement',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('panel_id', sa.Uuid(), nullable=False),
    sa.Column('criterion_key', sa.String(length=40), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['panel_id'], ['panel.id'], name=op.f('fk_level_agreement_panel_id_panel')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_level_agreement')),
    sa.UniqueConstraint(
        'panel_id', 'criterion_key', 'level', name=op.f('uq_level_agreement_panel_id_criterion_key_level')
    )
    )
    op.create_index(op.f('ix_level_agreement_panel_id'), 'level_agreement', ['panel_id'])


def downgrade() -> None:
    for table in ('level_agreement', 'practice_sheet', 'practice_sample'):
        op.drop_table(table)
    for table, name in (('review_assignment', 'order_key'), ('panel', 'order_seed')):
        with op.batch_alter_table(table, schema=None) as batch:
            batch.drop_column(name)
