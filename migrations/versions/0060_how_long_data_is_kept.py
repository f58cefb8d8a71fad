"""When words of applications and sheets were erased, and what holds that up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0060'
down_revision = '0059'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('application', sa.Column('erase_warned_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('application', sa.Column('texts_erased_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('review', sa.Column('words_erased_at', sa.DateTime(timezone=True), nullable=True))
    op.create_table('legal_hold',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('placed_by_id', sa.Uuid(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_legal_hold_says_why')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_legal_hold_application_id_application')),
    sa.ForeignKeyConstraint(['placed_by_id'], ['user.id'], name=op.f('fk_legal_hold_placed_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_hold'))
    )
    op.create_index(op.f('ix_legal_hold_application_id'), 'legal_hold', ['application_id'])
    op.create_index('uq_legal_hold_in_force', 'legal_hold', ['application_id'], unique=True,
                    sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))


def downgrade() -> None:
    op.drop_index('uq_legal_hold_in_force', table_name='legal_hold')
    op.drop_index(op.f('ix_legal_hold_application_id'), table_name='legal_hold')
    op.drop_table('legal_hold')
    op.drop_column('review', 'words_erased_at')
    op.drop_column('application', 'texts_erased_at')
    op.drop_column('application', 'erase_warned_at')
