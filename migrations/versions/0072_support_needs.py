"""Help besides money: the topics in which a group would like help."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0072'
down_revision = '0071'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('support_need',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('noted', sa.JSON(), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('read_by_id', sa.Uuid(), nullable=True),
    sa.Column('own', sa.JSON(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('wants_none', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('NOT wants_none OR said_at IS NOT NULL', name=op.f('ck_support_need_only_the_group_says_no')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_support_need_application_id_application')),
    sa.ForeignKeyConstraint(['read_by_id'], ['user.id'], name=op.f('fk_support_need_read_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_need')),
    sa.UniqueConstraint('application_id', name=op.f('uq_support_need_application_id'))
    )


def downgrade() -> None:
    op.drop_table('support_need')
