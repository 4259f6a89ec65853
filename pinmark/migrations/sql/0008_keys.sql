-- API keys, each of one environment, and keys as actors.

ALTER TABLE environment ADD CONSTRAINT uq_environment_id_app_id UNIQUE (id, app_id);

CREATE TABLE apikey (
    actor_kind VARCHAR(32) NOT NULL,
    actor_id UUID,
    actor_name VARCHAR NOT NULL,
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    app_id UUID NOT NULL,
    environment_id UUID NOT NULL,
    name VARCHAR NOT NULL,
    prefix VARCHAR NOT NULL,
    digest BYTEA NOT NULL,
    permissions VARCHAR[] NOT NULL,
    internal BOOLEAN NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    last_used_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_apikey PRIMARY KEY (id),
    CONSTRAINT uq_apikey_digest UNIQUE (digest),
    CONSTRAINT ck_apikey_digest_length CHECK (octet_length(digest) = 32),
    CONSTRAINT ck_apikey_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
    CONSTRAINT ck_apikey_prefix_length CHECK (char_length(prefix) = 17),
    CONSTRAINT ck_apikey_permissions_some CHECK (cardinality(permissions) > 0),
    CONSTRAINT ck_apikey_actor_kind CHECK (actor_kind IN ('MEMBER', 'API_KEY', 'GIT', 'SYSTEM')),
    CONSTRAINT fk_apikey_environment
        FOREIGN KEY(environment_id, app_id) REFERENCES environment (id, app_id)
);
CREATE INDEX ix_apikey_app_id ON apikey (app_id, created_at);
CREATE INDEX ix_apikey_environment_id ON apikey (environment_id);

CREATE FUNCTION keep_api_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.revoked_at IS NOT NULL THEN
        RAISE EXCEPTION 'API key % is revoked and never changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.last_used_at := greatest(OLD.last_used_at, NEW.last_used_at);
    IF (OLD.id, OLD.created_at, OLD.app_id, OLD.environment_id, OLD.name, OLD.prefix, OLD.digest,
        OLD.permissions, OLD.internal, OLD.expires_at, OLD.actor_kind, OLD.actor_id, OLD.actor_name)
       IS DISTINCT FROM
       (NEW.id, NEW.created_at, NEW.app_id, NEW.environment_id, NEW.name, NEW.prefix, NEW.digest,
        NEW.permissions, NEW.internal, NEW.expires_at, NEW.actor_kind, NEW.actor_id, NEW.actor_name)
    THEN
        RAISE EXCEPTION 'what API key % was made for never changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER apikey_made_once BEFORE UPDATE ON apikey
    FOR EACH ROW EXECUTE FUNCTION keep_api_key();
CREATE TRIGGER apikey_kept BEFORE DELETE OR TRUNCATE ON apikey
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE deployment DROP CONSTRAINT ck_deployment_actor_kind;
ALTER TABLE deployment ADD CONSTRAINT ck_deployment_actor_kind
    CHECK (actor_kind IN ('MEMBER', 'API_KEY', 'GIT', 'SYSTEM'));
ALTER TABLE event DROP CONSTRAINT ck_event_actor_kind;
ALTER TABLE event ADD CONSTRAINT ck_event_actor_kind
    CHECK (actor_kind IN ('MEMBER', 'API_KEY', 'GIT', 'SYSTEM'));
ALTER TABLE auditentry DROP CONSTRAINT ck_auditentry_actor_kind;
ALTER TABLE auditentry ADD CONSTRAINT ck_auditentry_actor_kind
    CHECK (actor_kind IN ('MEMBER', 'API_KEY', 'GIT', 'SYSTEM'));

ALTER TABLE environmentvariable DROP CONSTRAINT ck_environmentvariable_actor_kind;
ALTER TABLE environmentvariable ADD CONSTRAINT ck_environmentvariable_actor_kind
    CHECK (actor_kind IN ('MEMBER', 'API_KEY', 'GIT', 'SYSTEM'));

ALTER TABLE event DROP CONSTRAINT ck_event_kind;
ALTER TABLE event ADD CONSTRAINT ck_event_kind
    CHECK (kind IN ('APP_CREATED', 'REPOSITORY_LINKED', 'ENVIRONMENT_CREATED',
        'ENVIRONMENT_DELETED', 'DEPLOYMENT_STARTED', 'DEPLOYMENT_PROGRESSED',
        'DEPLOYMENT_SETTLED', 'RUNTIME_CHANGED', 'VARIABLES_CHANGED', 'API_KEYS_CHANGED'));
