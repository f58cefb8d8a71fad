"""A question can be answered with files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0054'
down_revision = '0053'
branch_labels = None
depends_on = None

CHECK = 'ck_answer_media_mediaform'


def _allow(*forms: str) -> None:
    names = ', '.join(f"'{form}'" for form in forms)
    with op.batch_alter_table('answer_media', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(CHECK), type_='check')
        batch_op.create_check_constraint(op.f(CHECK), sa.text(f'form IN ({names})'))


def upgrade() -> None:
    _allow('voice', 'video', 'sign_language', 'file')


def downgrade() -> None:
    op.execute("DELETE FROM answer_media WHERE form = 'file'")
    _allow('voice', 'video', 'sign_language')
