"""Taking a job follows the index of waiting jobs, whatever the statistics say.

A queue is empty most of the time, and statistics are taken then. A burst that follows finds procrastinate's statement planned
for one row: a nested loop over all waiting jobs for each job, until statistics are taken again. This is the same statement,
with a look for jobs of the same lock only where there is a lock, and with the plan it needs.
"""

from django.db import migrations

TAKE = """
CREATE OR REPLACE FUNCTION procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint)
    RETURNS procrastinate_jobs
    LANGUAGE plpgsql
    SET enable_sort = off
    SET enable_seqscan = off
    SET enable_bitmapscan = off
AS $$
DECLARE
    found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS MATERIALIZED (
        SELECT jobs.id
            FROM procrastinate_jobs AS jobs
            WHERE jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY (target_queue_names))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
                AND (jobs.lock IS NULL OR NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE other_jobs.lock = jobs.lock
                            AND other_jobs.status IN ('todo', 'doing')
                            AND (
                                other_jobs.status = 'doing'
                                OR other_jobs.priority > jobs.priority
                                OR (other_jobs.priority = jobs.priority AND other_jobs.id < jobs.id)
                            )
                ))
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;
    RETURN found_jobs;
END;
$$
"""


class Migration(migrations.Migration):
    dependencies = [("platform", "0005_facts_of_a_subject"), ("procrastinate", "0041_post_retry_failed_job")]

    operations = [migrations.RunSQL(TAKE, migrations.RunSQL.noop)]
