"""Invitations, hosts, partners with their own word, helpers with a name and an end, what a group tells once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('hand_over',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_by_id', sa.Uuid(), nullable=False),
    sa.Column('agreed_by_id', sa.Uuid(), nullable=True),
    sa.Column('agreed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('agreed_by_id <> asked_by_id', name=op.f('ck_hand_over_two_people')),
    sa.ForeignKeyConstraint(['agreed_by_id'], ['user.id'], name=op.f('fk_hand_over_agreed_by_id_user')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_hand_over_application_id_application')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['user.id'], name=op.f('fk_hand_over_asked_by_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hand_over'))
    )
    op.create_index(op.f('ix_hand_over_application_id'), 'hand_over', ['application_id'])

    op.create_table('invitation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.Enum('member', 'helper', 'host', 'partner', name='invitationkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=True),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('code_digest', sa.String(length=64), nullable=False),
    sa.Column('invited_by_id', sa.Uuid(), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.Enum('open', 'accepted', 'declined', 'withdrawn', name='invitationstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('accepted_by_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("kind = 'member' OR application_id IS NOT NULL", name=op.f('ck_invitation_for_an_application')),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_invitation_email_lower_case')),
    sa.ForeignKeyConstraint(['accepted_by_id'], ['user.id'], name=op.f('fk_invitation_accepted_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_invitation_application_id_application')),
    sa.ForeignKeyConstraint(['invited_by_id'], ['user.id'], name=op.f('fk_invitation_invited_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_invitation_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('code_digest', name=op.f('uq_invitation_code_digest'))
    )
    op.create_index(op.f('ix_invitation_application_id'), 'invitation', ['application_id'])
    op.create_index(op.f('ix_invitation_email'), 'invitation', ['email'])
    op.create_index(op.f('ix_invitation_organisation_id'), 'invitation', ['organisation_id'])

    op.create_table('fiscal_host',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('invitation_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('status', sa.Enum('invited', 'confirmed', 'declined', 'ended', name='wordstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('signed_by', sa.String(length=200), nullable=True),
    sa.Column('fee_percent', sa.Numeric(precision=5, scale=2), nullable=True),
    sa.Column('decides', sa.Enum('group', 'together', 'host', name='decider', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('text_digest', sa.String(length=64), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.CheckConstraint("status <> 'confirmed' OR (organisation_id IS NOT NULL AND signed_by IS NOT NULL AND fee_percent IS NOT NULL AND decides IS NOT NULL AND text_digest IS NOT NULL AND answered_at IS NOT NULL)", name=op.f('ck_fiscal_host_confirmed_in_writing')),
    sa.CheckConstraint('fee_percent >= 0', name=op.f('ck_fiscal_host_fee_not_negative')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_fiscal_host_application_id_application')),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_fiscal_host_invitation_id_invitation')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_fiscal_host_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_fiscal_host_user_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fiscal_host')),
    sa.UniqueConstraint('invitation_id', name=op.f('uq_fiscal_host_invitation_id'))
    )
    op.create_index(op.f('ix_fiscal_host_application_id'), 'fiscal_host', ['application_id'])
    op.create_index(op.f('ix_fiscal_host_organisation_id'), 'fiscal_host', ['organisation_id'])
    op.create_index(op.f('ix_fiscal_host_user_id'), 'fiscal_host', ['user_id'])

    op.create_table('partner',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('invitation_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('status', sa.Enum('invited', 'confirmed', 'declined', 'ended', name='wordstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.CheckConstraint("status <> 'confirmed' OR (organisation_id IS NOT NULL AND amount IS NOT NULL AND answered_at IS NOT NULL)", name=op.f('ck_partner_confirmed_says_how_much')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_partner_amount_positive')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_partner_application_id_application')),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_partner_invitation_id_invitation')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_partner_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_partner_round_id_round')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_partner_user_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner')),
    sa.UniqueConstraint('invitation_id', name=op.f('uq_partner_invitation_id')),
    sa.UniqueConstraint('round_id', 'organisation_id', name=op.f('uq_partner_round_id_organisation_id'))
    )
    op.create_index(op.f('ix_partner_application_id'), 'partner', ['application_id'])
    op.create_index(op.f('ix_partner_organisation_id'), 'partner', ['organisation_id'])
    op.create_index(op.f('ix_partner_user_id'), 'partner', ['user_id'])

    with op.batch_alter_table('application_helper', schema=None) as batch_op:
        batch_op.add_column(sa.Column('name', sa.String(length=120), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('kind', sa.String(length=40), nullable=False, server_default='writing'))
        batch_op.add_column(sa.Column('organisation_name', sa.String(length=200), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('organisation_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_application_helper_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_application_helper_organisation_id_organisation'), 'organisation', ['organisation_id'], ['id'])

        batch_op.create_check_constraint(batch_op.f('ck_application_helper_helpkind'), "kind IN ('writing', 'interpreting', 'umbrella', 'access')")
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('languages', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('umbrellas', sa.Text(), nullable=False, server_default=''))
    # existing rows have their values now
    with op.batch_alter_table('application_helper', schema=None) as batch_op:
        for name, kind in (('name', sa.String(120)), ('kind', sa.String(40)), ('organisation_name', sa.String(200))):
            batch_op.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.alter_column('languages', existing_type=sa.JSON(), existing_nullable=False, server_default=None)
        batch_op.alter_column('umbrellas', existing_type=sa.Text(), existing_nullable=False, server_default=None)



def downgrade() -> None:
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.drop_column('umbrellas')
        batch_op.drop_column('languages')

    with op.batch_alter_table('application_helper', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_application_helper_organisation_id_organisation'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_application_helper_organisation_id'))
        batch_op.drop_constraint(batch_op.f('ck_application_helper_helpkind'), type_='check')
        batch_op.drop_column('ended_at')
        batch_op.drop_column('organisation_id')
        batch_op.drop_column('organisation_name')
        batch_op.drop_column('kind')
        batch_op.drop_column('name')

    op.drop_index(op.f('ix_partner_user_id'), table_name='partner')
    op.drop_index(op.f('ix_partner_organisation_id'), table_name='partner')
    op.drop_index(op.f('ix_partner_application_id'), table_name='partner')

    op.drop_table('partner')
    op.drop_index(op.f('ix_fiscal_host_user_id'), table_name='fiscal_host')
    op.drop_index(op.f('ix_fiscal_host_organisation_id'), table_name='fiscal_host')
    op.drop_index(op.f('ix_fiscal_host_application_id'), table_name='fiscal_host')

    op.drop_table('fiscal_host')
    op.drop_index(op.f('ix_invitation_organisation_id'), table_name='invitation')
    op.drop_index(op.f('ix_invitation_email'), table_name='invitation')
    op.drop_index(op.f('ix_invitation_application_id'), table_name='invitation')

    op.drop_table('invitation')
    op.drop_index(op.f('ix_hand_over_application_id'), table_name='hand_over')

    op.drop_table('hand_over')
