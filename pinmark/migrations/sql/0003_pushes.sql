-- Webhooks ring for a repository under a secret of its own, and commit messages may ask things.

ALTER TABLE repository ADD COLUMN webhook_secret BYTEA;

CREATE TABLE webhookdelivery (
    app_id UUID NOT NULL,
    host VARCHAR(32) NOT NULL,
    delivery_id VARCHAR NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_webhookdelivery PRIMARY KEY (app_id, host, delivery_id),
    CONSTRAINT fk_webhookdelivery_app_id
        FOREIGN KEY(app_id) REFERENCES app (id) ON DELETE RESTRICT,
    CONSTRAINT ck_webhookdelivery_host CHECK (host IN ('GITHUB', 'GITLAB'))
);
CREATE INDEX ix_webhookdelivery_received_at ON webhookdelivery (app_id, received_at);

ALTER TABLE deployment ADD COLUMN override VARCHAR(32);
ALTER TABLE deployment ADD CONSTRAINT ck_deployment_override
    CHECK (override IN ('SKIP_DEPLOY', 'SKIP_BUILD', 'FORCE_BUILD'));

CREATE FUNCTION keep_override() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what deployment % was asked to do never changes', OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER deployment_override BEFORE UPDATE ON deployment
    FOR EACH ROW WHEN (OLD.override IS DISTINCT FROM NEW.override)
    EXECUTE FUNCTION keep_override();
