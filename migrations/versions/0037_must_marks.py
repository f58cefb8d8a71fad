"""Applications that the rule must or must not fund."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('must_mark',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('must', sa.Enum('fund', 'not_fund', name='must', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_must_mark_application_id_application')),
    sa.ForeignKeyConstraint(['made_by_id'], ['user.id'], name=op.f('fk_must_mark_made_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_must_mark')),
    sa.UniqueConstraint('application_id', name=op.f('uq_must_mark_application_id'))
    )


def downgrade() -> None:
    op.drop_table('must_mark')
