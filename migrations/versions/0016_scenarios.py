"""Named what-ifs of a round."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('scenario',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(
        ['made_by_id'], ['user.id'], name=op.f('fk_scenario_made_by_id_user'), ondelete='SET NULL'
    ),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_scenario_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scenario')),
    sa.UniqueConstraint('round_id', 'name', name=op.f('uq_scenario_round_id_name'))
    )
    op.create_index(op.f('ix_scenario_round_id'), 'scenario', ['round_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_scenario_round_id'), table_name='scenario')
    op.drop_table('scenario')
