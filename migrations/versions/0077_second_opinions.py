"""Second opinions of umbrella organisations about claims."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0077'
down_revision = '0076'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('claim_opinion',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claim_id', sa.Uuid(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('asked_by_id', sa.Uuid(), nullable=True),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('shown', sa.JSON(), nullable=False),
    sa.Column('answer_by', sa.Date(), nullable=False),
    sa.Column('status', sa.Enum('asked', 'answered', 'declined', name='opinionstatus', native_enum=False,
        create_constraint=True, length=40), nullable=False),
    sa.Column('view', sa.Enum('agrees', 'does_not_agree', 'cannot_say', name='opinionview', native_enum=False,
        create_constraint=True, length=40), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(status = 'answered') = (view IS NOT NULL)",
        name=op.f('ck_claim_opinion_answered_has_a_view')),
    sa.CheckConstraint("(status = 'asked') = (answered_at IS NULL)",
        name=op.f('ck_claim_opinion_settled_has_a_time')),
    sa.CheckConstraint("status <> 'answered' OR reason <> ''", name=op.f('ck_claim_opinion_answered_says_why')),
    sa.ForeignKeyConstraint(['claim_id'], ['by_and_for_claim.id'],
        name=op.f('fk_claim_opinion_claim_id_by_and_for_claim')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'],
        name=op.f('fk_claim_opinion_application_id_application')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_claim_opinion_user_id_user')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['user.id'], name=op.f('fk_claim_opinion_asked_by_id_user'),
        ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claim_opinion')),
    sa.UniqueConstraint('claim_id', 'user_id', name=op.f('uq_claim_opinion_claim_id_user_id'))
    )
    for column in ('claim_id', 'application_id', 'user_id', 'status'):
        op.create_index(op.f(f'ix_claim_opinion_{column}'), 'claim_opinion', [column])


def downgrade() -> None:
    op.drop_table('claim_opinion')
