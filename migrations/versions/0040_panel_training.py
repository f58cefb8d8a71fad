"""What members of a panel have been trained in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('panel_training',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('topic', sa.Integer(), nullable=False),
    sa.Column('taken_on', sa.Date(), nullable=False),
    sa.CheckConstraint('topic >= 1', name=op.f('ck_panel_training_topics_from_one')),
    sa.ForeignKeyConstraint(['seat_id'], ['panel_seat.id'], name=op.f('fk_panel_training_seat_id_panel_seat')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_training')),
    sa.UniqueConstraint('seat_id', 'topic', name=op.f('uq_panel_training_seat_id_topic'))
    )
    op.create_index(op.f('ix_panel_training_seat_id'), 'panel_training', ['seat_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_panel_training_seat_id'), table_name='panel_training')
    op.drop_table('panel_training')
