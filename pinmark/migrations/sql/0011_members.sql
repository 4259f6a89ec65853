-- Members with roles, built-in or custom, everywhere or in one app, and invitations.

CREATE TABLE customrole (
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    organization_id UUID NOT NULL,
    name VARCHAR NOT NULL,
    permissions VARCHAR[] NOT NULL,
    CONSTRAINT pk_customrole PRIMARY KEY (id),
    CONSTRAINT uq_customrole_organization_id_name UNIQUE (organization_id, name),
    CONSTRAINT ck_customrole_name_format CHECK (name ~ '^[A-Za-z][A-Za-z0-9 _-]{0,39}$'),
    CONSTRAINT fk_customrole_organization_id
        FOREIGN KEY(organization_id) REFERENCES organization (id) ON DELETE RESTRICT
);

ALTER TABLE member ADD COLUMN email VARCHAR;
ALTER TABLE member ADD COLUMN issuer VARCHAR;
ALTER TABLE member ADD COLUMN subject VARCHAR;
ALTER TABLE member ADD COLUMN custom_role_id UUID;
ALTER TABLE member ADD COLUMN deactivated_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE member ALTER COLUMN role DROP NOT NULL;
ALTER TABLE member DROP CONSTRAINT ck_member_role;
ALTER TABLE member ADD CONSTRAINT ck_member_role
    CHECK (role IN ('OWNER', 'ADMIN', 'WRITE', 'READ'));
ALTER TABLE member ADD CONSTRAINT fk_member_custom_role_id
    FOREIGN KEY(custom_role_id) REFERENCES customrole (id) ON DELETE RESTRICT;
ALTER TABLE member ADD CONSTRAINT uq_member_organization_id_email UNIQUE (organization_id, email);
ALTER TABLE member ADD CONSTRAINT uq_member_issuer_subject UNIQUE (issuer, subject);
ALTER TABLE member ADD CONSTRAINT ck_member_one_role
    CHECK ((role IS NULL) <> (custom_role_id IS NULL));
ALTER TABLE member ADD CONSTRAINT ck_member_email_format
    CHECK (email = lower(email) AND char_length(email) BETWEEN 3 AND 254);
ALTER TABLE member ADD CONSTRAINT ck_member_identity_whole
    CHECK ((issuer IS NULL) = (subject IS NULL));

CREATE TABLE appaccess (
    member_id UUID NOT NULL,
    app_id UUID NOT NULL,
    role VARCHAR(32),
    custom_role_id UUID,
    CONSTRAINT pk_appaccess PRIMARY KEY (member_id, app_id),
    CONSTRAINT ck_appaccess_role CHECK (role IN ('OWNER', 'ADMIN', 'WRITE', 'READ')),
    CONSTRAINT ck_appaccess_one_role_at_most CHECK (role IS NULL OR custom_role_id IS NULL),
    CONSTRAINT fk_appaccess_member_id
        FOREIGN KEY(member_id) REFERENCES member (id) ON DELETE RESTRICT,
    CONSTRAINT fk_appaccess_app_id FOREIGN KEY(app_id) REFERENCES app (id) ON DELETE RESTRICT,
    CONSTRAINT fk_appaccess_custom_role_id
        FOREIGN KEY(custom_role_id) REFERENCES customrole (id) ON DELETE RESTRICT
);

CREATE TABLE invitation (
    actor_kind VARCHAR(32) NOT NULL,
    actor_id UUID,
    actor_name VARCHAR NOT NULL,
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    organization_id UUID NOT NULL,
    email VARCHAR NOT NULL,
    role VARCHAR(32),
    custom_role_id UUID,
    digest BYTEA NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    accepted_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    member_id UUID,
    CONSTRAINT pk_invitation PRIMARY KEY (id),
    CONSTRAINT uq_invitation_digest UNIQUE (digest),
    CONSTRAINT ck_invitation_actor_kind
        CHECK (actor_kind IN ('MEMBER', 'API_KEY', 'GIT', 'SYSTEM')),
    CONSTRAINT ck_invitation_role CHECK (role IN ('OWNER', 'ADMIN', 'WRITE', 'READ')),
    CONSTRAINT ck_invitation_one_role CHECK ((role IS NULL) <> (custom_role_id IS NULL)),
    CONSTRAINT ck_invitation_email_format
        CHECK (email = lower(email) AND char_length(email) BETWEEN 3 AND 254),
    CONSTRAINT ck_invitation_one_end CHECK (accepted_at IS NULL OR revoked_at IS NULL),
    CONSTRAINT ck_invitation_accepted_by_a_member
        CHECK ((accepted_at IS NULL) = (member_id IS NULL)),
    CONSTRAINT fk_invitation_organization_id
        FOREIGN KEY(organization_id) REFERENCES organization (id) ON DELETE RESTRICT,
    CONSTRAINT fk_invitation_custom_role_id
        FOREIGN KEY(custom_role_id) REFERENCES customrole (id) ON DELETE RESTRICT,
    CONSTRAINT fk_invitation_member_id
        FOREIGN KEY(member_id) REFERENCES member (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX uq_invitation_open ON invitation (organization_id, email)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
