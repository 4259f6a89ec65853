WITH target AS (
    UPDATE environment SET deployment_count = deployment_count + 1 WHERE id = $1
    RETURNING id, app_id, deployment_count
), made AS (
    INSERT INTO deployment (id, created_at, actor_kind, actor_name, app_id, environment_id,
        ordinal, kind, pinned, version, commit_sha, file_sync, code_build, attempt, settled_at)
    SELECT gen_random_uuid(), now(), 'MEMBER', 'owner', app_id, id, deployment_count, 'PROMOTION',
        true, deployment_count + 1000000,
        (SELECT commit_sha FROM deployment WHERE environment_id = $1 ORDER BY ordinal LIMIT 1),
        'SYNCED', 'DEPLOYED', 1, now()
    FROM target RETURNING id, version
), app AS (
    UPDATE app SET event_sequence = event_sequence + 1 FROM target WHERE app.id = target.app_id
    RETURNING app.id, event_sequence
), event AS (
    INSERT INTO event (app_id, seq, occurred_at, actor_kind, actor_name, kind, environment_id,
        deployment_id, file_sync, code_build)
    SELECT app.id, event_sequence, now(), 'MEMBER', 'owner', 'DEPLOYMENT_STARTED', $1, made.id,
        'SYNCED', 'DEPLOYED'
    FROM app, made RETURNING app_id
)
SELECT made.id::text AS id, version, pg_notify('raw', event.app_id::text) FROM made, event
