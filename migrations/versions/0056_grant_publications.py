"""What the fund decided about each grant in open data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0056'
down_revision = '0055'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('grant_publication',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('is_published', sa.Boolean(), nullable=False),
    sa.Column('is_coarse', sa.Boolean(), nullable=False),
    sa.Column('not_before', sa.Date(), nullable=True),
    sa.Column('shares_dei', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('read_digest', sa.String(length=64), nullable=False),
    sa.Column('reviewed_by_id', sa.Uuid(), nullable=True),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(is_published AND NOT is_coarse AND not_before IS NULL) OR reason IS NOT NULL", name=op.f('ck_grant_publication_less_than_all_says_why')),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_grant_publication_award_id_award')),
    sa.ForeignKeyConstraint(['reviewed_by_id'], ['user.id'], name=op.f('fk_grant_publication_reviewed_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grant_publication')),
    sa.UniqueConstraint('award_id', name=op.f('uq_grant_publication_award_id'))
    )


def downgrade() -> None:
    op.drop_table('grant_publication')
