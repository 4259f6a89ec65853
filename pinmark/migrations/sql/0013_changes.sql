-- What each transaction of late has changed: an app, or what all answers depend on.
--
-- Not logged: what a crash takes from it, it takes from all who had read it, too.

CREATE UNLOGGED TABLE change (
    transaction_id BIGINT NOT NULL,
    scope UUID NOT NULL,
    noted_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    pruned_to BIGINT,
    CONSTRAINT pk_change PRIMARY KEY (transaction_id, scope)
);
CREATE INDEX ix_change_noted_at ON change (noted_at);

CREATE FUNCTION note_change(scope UUID) RETURNS void LANGUAGE sql AS $$
    INSERT INTO change (transaction_id, scope)
    VALUES (pg_current_xact_id()::text::bigint, scope)
    ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION note_organization() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_change('00000000-0000-0000-0000-000000000000');
    RETURN NULL;
END $$;

-- Tables with a column of their own for it. A row never moves to another app.
CREATE FUNCTION note_apps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_change(app_id) FROM changed WHERE app_id IS NOT NULL GROUP BY app_id;
    RETURN NULL;
END $$;

CREATE FUNCTION note_apps_of_environments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_change(environment.app_id)
    FROM changed JOIN environment ON environment.id = changed.environment_id
    GROUP BY environment.app_id;
    RETURN NULL;
END $$;

CREATE FUNCTION note_apps_of_deployments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_change(deployment.app_id)
    FROM changed JOIN deployment ON deployment.id = changed.deployment_id
    GROUP BY deployment.app_id;
    RETURN NULL;
END $$;

CREATE FUNCTION note_apps_of_snapshots() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_change(environment.app_id)
    FROM (SELECT DISTINCT snapshot_id FROM changed) AS entry
    JOIN snapshot ON snapshot.id = entry.snapshot_id
    JOIN environment ON environment.id = snapshot.environment_id
    GROUP BY environment.app_id;
    RETURN NULL;
END $$;

CREATE FUNCTION note_app() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_change(NEW.id);
    RETURN NULL;
END $$;

DO $$
DECLARE
    noted RECORD;
BEGIN
    FOR noted IN
        SELECT * FROM (VALUES
            ('environment', 'note_apps'),
            ('deployment', 'note_apps'),
            ('commit', 'note_apps'),
            ('artifact', 'note_apps'),
            ('repository', 'note_apps'),
            ('runtime', 'note_apps'),
            ('event', 'note_apps'),
            ('auditentry', 'note_apps'),
            ('snapshot', 'note_apps_of_environments'),
            ('serving', 'note_apps_of_environments'),
            ('environmentvariable', 'note_apps_of_environments'),
            ('runtimelogline', 'note_apps_of_environments'),
            ('buildlogline', 'note_apps_of_deployments'),
            ('snapshotentry', 'note_apps_of_snapshots')
        ) AS told (table_name, function_name)
    LOOP
        EXECUTE format(
            'CREATE TRIGGER %1$s_insert_noted AFTER INSERT ON %1$I
                 REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION %2$I();
             CREATE TRIGGER %1$s_update_noted AFTER UPDATE ON %1$I
                 REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION %2$I();
             CREATE TRIGGER %1$s_delete_noted AFTER DELETE ON %1$I
                 REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION %2$I();
             CREATE TRIGGER %1$s_truncate_noted AFTER TRUNCATE ON %1$I
                 FOR EACH STATEMENT EXECUTE FUNCTION note_organization();',
            noted.table_name, noted.function_name
        );
    END LOOP;

    -- Who may do what. That somebody was seen changes nothing of it.
    FOR noted IN
        SELECT * FROM (VALUES
            ('organization', '{}'),
            ('member', '{}'),
            ('customrole', '{}'),
            ('appaccess', '{}'),
            ('app', '{event_sequence}'),
            ('apikey', '{last_used_at}'),
            ('accesstoken', '{last_used_at}'),
            ('servicetoken', '{last_used_at}'),
            ('signinsession', '{last_seen_at,expires_at}')
        ) AS told (table_name, but)
    LOOP
        EXECUTE format(
            'CREATE TRIGGER %1$s_noted AFTER INSERT OR DELETE OR TRUNCATE ON %1$I
                 FOR EACH STATEMENT EXECUTE FUNCTION note_organization();
             CREATE TRIGGER %1$s_update_noted AFTER UPDATE ON %1$I FOR EACH ROW
                 WHEN (to_jsonb(OLD) - %2$L::text[] IS DISTINCT FROM to_jsonb(NEW) - %2$L::text[])
                 EXECUTE FUNCTION note_organization();',
            noted.table_name, noted.but
        );
    END LOOP;
END $$;

CREATE TRIGGER signinsession_shortened_noted AFTER UPDATE ON signinsession
    FOR EACH ROW WHEN (NEW.expires_at < OLD.expires_at) EXECUTE FUNCTION note_organization();
CREATE TRIGGER app_sequence_noted AFTER UPDATE ON app
    FOR EACH ROW EXECUTE FUNCTION note_app();
CREATE TRIGGER apikey_use_noted AFTER UPDATE ON apikey
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_apps();
