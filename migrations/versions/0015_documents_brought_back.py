"""Answers may come from a document that somebody wrote elsewhere."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

CHECK = 'ck_answer_origin_originkind'
BEFORE = "kind IN ('phone_interview', 'pasted')"
AFTER = "kind IN ('phone_interview', 'pasted', 'document')"


def upgrade() -> None:
    with op.batch_alter_table('answer_origin', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(CHECK), type_='check')
        batch_op.create_check_constraint(op.f(CHECK), sa.text(AFTER))


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM answer_origin WHERE kind = 'document'"))
    with op.batch_alter_table('answer_origin', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(CHECK), type_='check')
        batch_op.create_check_constraint(op.f(CHECK), sa.text(BEFORE))
