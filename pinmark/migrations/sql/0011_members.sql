-- Members with roles, built-in or custom, everywhere or in one app, and invitations.

CREATE TABLE customrole (
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    organization_id UUID NOT NULL,
    name VARCHAR NOT NULL,
    permissions VARCHAR[] NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_customrole PRIMARY KEY (id),
    CONSTRAINT ck_customrole_name_format CHECK (name ~ '^[A-Za-z][A-Za-z0-9 _-]{0,39}$'),
    CONSTRAINT ck_customrole_permissions_some CHECK (cardinality(permissions) > 0),
    CONSTRAINT fk_customrole_organization_id
        FOREIGN KEY(organization_id) REFERENCES organization (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX uq_customrole_living_name ON customrole (organization_id, name)
    WHERE deleted_at IS NULL;

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
ALTER TABLE member ADD CONSTRAINT ck_member_name_length
    CHECK (char_length(name) BETWEEN 1 AND 200);

CREATE TABLE appaccess (
    member_id UUID NOT NULL,
    app_id UUID NOT NULL,
    role VARCHAR(32),
    custom_role_id UUID,
    CONSTRAINT pk_appaccess PRIMARY KEY (member_id, app_id),
    CONSTRAINT ck_appaccess_role CHECK (role IN ('OWNER', 'ADMIN', 'WRITE', 'READ')),
    CONSTRAINT ck_appaccess_one_role_at_most CHECK (role IS NULL OR custom_role_id IS NULL),
    CONSTRAINT ck_appaccess_no_owner CHECK (role <> 'OWNER'),
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

-- Until now there was one token, the one in the owner's file, which begins like this.
ALTER TABLE accesstoken ADD COLUMN name VARCHAR NOT NULL DEFAULT 'owner.token';
ALTER TABLE accesstoken ADD COLUMN prefix VARCHAR NOT NULL DEFAULT 'pinmark_owner_';
ALTER TABLE accesstoken ALTER COLUMN name DROP DEFAULT;
ALTER TABLE accesstoken ALTER COLUMN prefix DROP DEFAULT;
ALTER TABLE accesstoken ADD COLUMN last_used_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE accesstoken ADD CONSTRAINT ck_accesstoken_name_length
    CHECK (char_length(name) BETWEEN 1 AND 100);

-- An organization keeps an active owner. The look comes last, at the commit, and under the
-- organization's lock: of two transactions that each take one of two owners the second looks
-- when the first is done.
CREATE FUNCTION keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM organization WHERE id = OLD.organization_id FOR NO KEY UPDATE;
    IF NOT EXISTS (
        SELECT 1 FROM member
        WHERE organization_id = OLD.organization_id AND role = 'OWNER' AND deactivated_at IS NULL
    ) THEN
        RAISE EXCEPTION 'an organization keeps an active owner'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER member_last_owner
    AFTER UPDATE OF role, deactivated_at, organization_id ON member
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.role = 'OWNER' AND OLD.deactivated_at IS NULL)
    EXECUTE FUNCTION keep_an_owner();
CREATE TRIGGER member_kept BEFORE DELETE OR TRUNCATE ON member
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION keep_invitation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.accepted_at IS NOT NULL OR OLD.revoked_at IS NOT NULL THEN
        RAISE EXCEPTION 'invitation % has ended and never changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.id, OLD.created_at, OLD.organization_id, OLD.email, OLD.role, OLD.custom_role_id,
        OLD.digest, OLD.expires_at, OLD.actor_kind, OLD.actor_id, OLD.actor_name)
       IS DISTINCT FROM
       (NEW.id, NEW.created_at, NEW.organization_id, NEW.email, NEW.role, NEW.custom_role_id,
        NEW.digest, NEW.expires_at, NEW.actor_kind, NEW.actor_id, NEW.actor_name) THEN
        RAISE EXCEPTION 'what invitation % offers never changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER invitation_made_once BEFORE UPDATE ON invitation
    FOR EACH ROW EXECUTE FUNCTION keep_invitation();
CREATE TRIGGER invitation_kept BEFORE DELETE OR TRUNCATE ON invitation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION keep_access_token() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.revoked_at IS NOT NULL THEN
        RAISE EXCEPTION 'access token % is revoked and never changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.last_used_at := greatest(OLD.last_used_at, NEW.last_used_at);
    IF (OLD.id, OLD.created_at, OLD.member_id, OLD.name, OLD.prefix, OLD.digest, OLD.expires_at)
       IS DISTINCT FROM
       (NEW.id, NEW.created_at, NEW.member_id, NEW.name, NEW.prefix, NEW.digest, NEW.expires_at)
    THEN
        RAISE EXCEPTION 'what access token % was made for never changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER accesstoken_made_once BEFORE UPDATE ON accesstoken
    FOR EACH ROW EXECUTE FUNCTION keep_access_token();
CREATE TRIGGER accesstoken_kept BEFORE DELETE OR TRUNCATE ON accesstoken
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
