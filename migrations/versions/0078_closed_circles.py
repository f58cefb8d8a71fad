"""The fund closes a story circle without those who never chose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0078'
down_revision = '0077'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('story_circle') as batch:
        batch.add_column(sa.Column('silent', sa.Integer(), nullable=True))
        batch.create_check_constraint(op.f('ck_story_circle_closed_without_somebody'), 'silent > 0')


def downgrade() -> None:
    with op.batch_alter_table('story_circle') as batch:
        batch.drop_constraint(op.f('ck_story_circle_closed_without_somebody'), type_='check')
        batch.drop_column('silent')
