-- An installation as the very first version would have left it, in the tables of that day.

INSERT INTO organization VALUES
    ('00000000-0000-0000-0000-000000000001', '2026-01-01Z', 'demo', 'TEAM', true);
INSERT INTO member VALUES
    ('00000000-0000-0000-0000-000000000002', '2026-01-01Z',
     '00000000-0000-0000-0000-000000000001', 'owner', 'OWNER');
INSERT INTO app VALUES
    ('00000000-0000-0000-0000-000000000003', '2026-01-01Z',
     '00000000-0000-0000-0000-000000000001', 'triage', 4);
INSERT INTO repository (id, created_at, app_id, url, branch) VALUES
    ('00000000-0000-0000-0000-000000000004', '2026-01-01Z',
     '00000000-0000-0000-0000-000000000003', '/repositories/triage.git', 'main');
INSERT INTO commit VALUES
    ('00000000-0000-0000-0000-000000000003', repeat('a', 40), 'First', 'Ann', '2026-01-01Z');
INSERT INTO blob VALUES (sha256('hello'), 5, 'hello');
INSERT INTO environment (id, created_at, app_id, name, is_default, current_version,
    deployment_count) VALUES
    ('00000000-0000-0000-0000-000000000005', '2026-01-01Z',
     '00000000-0000-0000-0000-000000000003', 'dev', true, 0, 0),
    ('00000000-0000-0000-0000-000000000006', '2026-01-01Z',
     '00000000-0000-0000-0000-000000000003', 'prod', false, 1, 2);
INSERT INTO snapshot VALUES
    ('00000000-0000-0000-0000-000000000007', '2026-01-02Z',
     '00000000-0000-0000-0000-000000000006', repeat('a', 40), '{"agentmarkPath": "."}', 1);
INSERT INTO snapshotentry VALUES
    ('00000000-0000-0000-0000-000000000007', 'a.prompt.mdx', 'PROMPT', sha256('hello'), 5);
INSERT INTO deployment (actor_kind, actor_id, actor_name, id, created_at, app_id, environment_id,
    ordinal, kind, pinned, source_id, source_name, version, commit_sha, note, snapshot_id,
    file_sync, file_sync_started_at, file_sync_finished_at, code_build, attempt, settled_at) VALUES
    ('MEMBER', '00000000-0000-0000-0000-000000000002', 'owner',
     '00000000-0000-0000-0000-000000000008', '2026-01-02Z',
     '00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000006',
     1, 'PROMOTION', true, '00000000-0000-0000-0000-000000000005', 'dev', 1, repeat('a', 40),
     'The first', '00000000-0000-0000-0000-000000000007',
     'SYNCED', '2026-01-02Z', '2026-01-02Z', 'SKIPPED', 1, '2026-01-02 00:01Z'),
    ('MEMBER', '00000000-0000-0000-0000-000000000002', 'owner',
     '00000000-0000-0000-0000-000000000009', '2026-01-03Z',
     '00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000006',
     2, 'PROMOTION', true, '00000000-0000-0000-0000-000000000005', 'dev', 2, repeat('a', 40),
     NULL, '00000000-0000-0000-0000-000000000007',
     'SYNCED', '2026-01-03Z', '2026-01-03Z', 'PENDING', 0, NULL);
UPDATE environment SET pinned_version = 1,
    pinned_deployment_id = '00000000-0000-0000-0000-000000000008',
    deploying_id = '00000000-0000-0000-0000-000000000009' WHERE name = 'prod';
INSERT INTO buildlogline VALUES
    ('00000000-0000-0000-0000-000000000008', 1, '2026-01-02Z', 'no handler');
INSERT INTO event (actor_kind, actor_id, actor_name, app_id, seq, occurred_at, kind,
    environment_id, deployment_id, file_sync, code_build) VALUES
    ('MEMBER', '00000000-0000-0000-0000-000000000002', 'owner',
     '00000000-0000-0000-0000-000000000003', 1, '2026-01-01Z', 'APP_CREATED',
     NULL, NULL, NULL, NULL),
    ('MEMBER', '00000000-0000-0000-0000-000000000002', 'owner',
     '00000000-0000-0000-0000-000000000003', 2, '2026-01-02Z', 'DEPLOYMENT_STARTED',
     '00000000-0000-0000-0000-000000000006', '00000000-0000-0000-0000-000000000008',
     'SYNCED', 'PENDING'),
    ('SYSTEM', NULL, 'Pinmark',
     '00000000-0000-0000-0000-000000000003', 3, '2026-01-02 00:01Z', 'DEPLOYMENT_SETTLED',
     '00000000-0000-0000-0000-000000000006', '00000000-0000-0000-0000-000000000008',
     'SYNCED', 'SKIPPED'),
    ('MEMBER', '00000000-0000-0000-0000-000000000002', 'owner',
     '00000000-0000-0000-0000-000000000003', 4, '2026-01-03Z', 'DEPLOYMENT_STARTED',
     '00000000-0000-0000-0000-000000000006', '00000000-0000-0000-0000-000000000009',
     'SYNCED', 'PENDING');
INSERT INTO auditentry (actor_kind, actor_id, actor_name, id, created_at, organization_id, app_id,
    action, subject_id, facts) VALUES
    ('MEMBER', '00000000-0000-0000-0000-000000000002', 'owner',
     '00000000-0000-0000-0000-00000000000a', '2026-01-01Z',
     '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000003',
     'app.created', '00000000-0000-0000-0000-000000000003', '{"name": "triage"}');
