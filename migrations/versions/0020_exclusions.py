"""Applications that cannot both be funded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('exclusion',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('other_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint('application_id <> other_id', name=op.f('ck_exclusion_two_applications')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_exclusion_application_id_application')),
    sa.ForeignKeyConstraint(['made_by_id'], ['user.id'], name=op.f('fk_exclusion_made_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['other_id'], ['application.id'], name=op.f('fk_exclusion_other_id_application')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_exclusion_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exclusion')),
    sa.UniqueConstraint('application_id', 'other_id', name=op.f('uq_exclusion_application_id_other_id'))
    )
    op.create_index(op.f('ix_exclusion_application_id'), 'exclusion', ['application_id'])
    op.create_index(op.f('ix_exclusion_other_id'), 'exclusion', ['other_id'])
    op.create_index(op.f('ix_exclusion_round_id'), 'exclusion', ['round_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_exclusion_round_id'), table_name='exclusion')
    op.drop_index(op.f('ix_exclusion_other_id'), table_name='exclusion')
    op.drop_index(op.f('ix_exclusion_application_id'), table_name='exclusion')
    op.drop_table('exclusion')
