-- Sessions of the dashboard, one-time links, spent sign-ins, and service tokens as actors.

CREATE TABLE signinsession (
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    member_id UUID NOT NULL,
    digest BYTEA NOT NULL,
    method VARCHAR(32) NOT NULL,
    user_agent VARCHAR NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_signinsession PRIMARY KEY (id),
    CONSTRAINT uq_signinsession_digest UNIQUE (digest),
    CONSTRAINT ck_signinsession_digest_length CHECK (octet_length(digest) = 32),
    CONSTRAINT ck_signinsession_expiry_bounded CHECK (expires_at <= ends_at),
    CONSTRAINT ck_signinsession_user_agent_length CHECK (char_length(user_agent) <= 200),
    CONSTRAINT ck_signinsession_method CHECK (method IN ('LINK', 'OIDC')),
    CONSTRAINT fk_signinsession_member_id
        FOREIGN KEY(member_id) REFERENCES member (id) ON DELETE RESTRICT
);
CREATE INDEX ix_signinsession_member_id ON signinsession (member_id, created_at);

CREATE FUNCTION keep_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'session % has ended and never changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.last_seen_at := greatest(OLD.last_seen_at, NEW.last_seen_at);
    IF (OLD.id, OLD.created_at, OLD.member_id, OLD.digest, OLD.method, OLD.user_agent, OLD.ends_at)
       IS DISTINCT FROM
       (NEW.id, NEW.created_at, NEW.member_id, NEW.digest, NEW.method, NEW.user_agent, NEW.ends_at)
    THEN
        RAISE EXCEPTION 'whose session % is never changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER signinsession_made_once BEFORE UPDATE ON signinsession
    FOR EACH ROW EXECUTE FUNCTION keep_session();
CREATE TRIGGER signinsession_kept BEFORE DELETE OR TRUNCATE ON signinsession
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE signinlink (
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    member_id UUID NOT NULL,
    digest BYTEA NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_signinlink PRIMARY KEY (id),
    CONSTRAINT uq_signinlink_digest UNIQUE (digest),
    CONSTRAINT ck_signinlink_digest_length CHECK (octet_length(digest) = 32),
    CONSTRAINT fk_signinlink_member_id
        FOREIGN KEY(member_id) REFERENCES member (id) ON DELETE RESTRICT
);

CREATE FUNCTION keep_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.used_at IS NOT NULL
       OR (OLD.id, OLD.created_at, OLD.member_id, OLD.digest, OLD.expires_at) IS DISTINCT FROM
          (NEW.id, NEW.created_at, NEW.member_id, NEW.digest, NEW.expires_at)
    THEN
        RAISE EXCEPTION 'sign-in link % is used once', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER signinlink_used_once BEFORE UPDATE ON signinlink
    FOR EACH ROW EXECUTE FUNCTION keep_link();
CREATE TRIGGER signinlink_kept BEFORE DELETE OR TRUNCATE ON signinlink
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE spentsignin (
    digest BYTEA NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_spentsignin PRIMARY KEY (digest),
    CONSTRAINT ck_spentsignin_digest_length CHECK (octet_length(digest) = 32)
);
CREATE INDEX ix_spentsignin_expires_at ON spentsignin (expires_at);

CREATE TABLE servicetoken (
    actor_kind VARCHAR(32) NOT NULL,
    actor_id UUID,
    actor_name VARCHAR NOT NULL,
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    organization_id UUID NOT NULL,
    name VARCHAR NOT NULL,
    prefix VARCHAR NOT NULL,
    digest BYTEA NOT NULL,
    role VARCHAR(32),
    permissions VARCHAR[] NOT NULL,
    app_ids UUID[],
    expires_at TIMESTAMP WITH TIME ZONE,
    last_used_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_servicetoken PRIMARY KEY (id),
    CONSTRAINT uq_servicetoken_digest UNIQUE (digest),
    CONSTRAINT ck_servicetoken_digest_length CHECK (octet_length(digest) = 32),
    CONSTRAINT ck_servicetoken_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
    CONSTRAINT ck_servicetoken_prefix_length CHECK (char_length(prefix) = 17),
    CONSTRAINT ck_servicetoken_role CHECK (role IN ('OWNER', 'ADMIN', 'WRITE', 'READ')),
    CONSTRAINT ck_servicetoken_role_or_permissions
        CHECK ((role IS NULL) = (cardinality(permissions) > 0)),
    CONSTRAINT ck_servicetoken_below_owner CHECK (role <> 'OWNER'),
    CONSTRAINT ck_servicetoken_apps_some CHECK (cardinality(app_ids) > 0),
    CONSTRAINT ck_servicetoken_actor_kind
        CHECK (actor_kind IN ('MEMBER', 'API_KEY', 'SERVICE', 'GIT', 'SYSTEM', 'ANONYMOUS')),
    CONSTRAINT fk_servicetoken_organization_id
        FOREIGN KEY(organization_id) REFERENCES organization (id) ON DELETE RESTRICT
);
CREATE INDEX ix_servicetoken_organization_id ON servicetoken (organization_id, created_at);

CREATE FUNCTION keep_service_token() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.revoked_at IS NOT NULL THEN
        RAISE EXCEPTION 'service token % is revoked and never changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.last_used_at := greatest(OLD.last_used_at, NEW.last_used_at);
    IF (OLD.id, OLD.created_at, OLD.organization_id, OLD.name, OLD.prefix, OLD.digest, OLD.role,
        OLD.permissions, OLD.app_ids, OLD.expires_at, OLD.actor_kind, OLD.actor_id, OLD.actor_name)
       IS DISTINCT FROM
       (NEW.id, NEW.created_at, NEW.organization_id, NEW.name, NEW.prefix, NEW.digest, NEW.role,
        NEW.permissions, NEW.app_ids, NEW.expires_at, NEW.actor_kind, NEW.actor_id, NEW.actor_name)
    THEN
        RAISE EXCEPTION 'what service token % was made for never changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER servicetoken_made_once BEFORE UPDATE ON servicetoken
    FOR EACH ROW EXECUTE FUNCTION keep_service_token();
CREATE TRIGGER servicetoken_kept BEFORE DELETE OR TRUNCATE ON servicetoken
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE deployment DROP CONSTRAINT ck_deployment_actor_kind;
ALTER TABLE deployment ADD CONSTRAINT ck_deployment_actor_kind
    CHECK (actor_kind IN ('MEMBER', 'API_KEY', 'SERVICE', 'GIT', 'SYSTEM', 'ANONYMOUS'));
ALTER TABLE event DROP CONSTRAINT ck_event_actor_kind;
ALTER TABLE event ADD CONSTRAINT ck_event_actor_kind
    CHECK (actor_kind IN ('MEMBER', 'API_KEY', 'SERVICE', 'GIT', 'SYSTEM', 'ANONYMOUS'));
ALTER TABLE auditentry DROP CONSTRAINT ck_auditentry_actor_kind;
ALTER TABLE auditentry ADD CONSTRAINT ck_auditentry_actor_kind
    CHECK (actor_kind IN ('MEMBER', 'API_KEY', 'SERVICE', 'GIT', 'SYSTEM', 'ANONYMOUS'));
ALTER TABLE apikey DROP CONSTRAINT ck_apikey_actor_kind;
ALTER TABLE apikey ADD CONSTRAINT ck_apikey_actor_kind
    CHECK (actor_kind IN ('MEMBER', 'API_KEY', 'SERVICE', 'GIT', 'SYSTEM', 'ANONYMOUS'));
ALTER TABLE invitation DROP CONSTRAINT ck_invitation_actor_kind;
ALTER TABLE invitation ADD CONSTRAINT ck_invitation_actor_kind
    CHECK (actor_kind IN ('MEMBER', 'API_KEY', 'SERVICE', 'GIT', 'SYSTEM', 'ANONYMOUS'));
ALTER TABLE environmentvariable DROP CONSTRAINT ck_environmentvariable_actor_kind;
ALTER TABLE environmentvariable ADD CONSTRAINT ck_environmentvariable_actor_kind
    CHECK (actor_kind IN ('MEMBER', 'API_KEY', 'SERVICE', 'GIT', 'SYSTEM', 'ANONYMOUS'));
