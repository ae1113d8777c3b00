import uuid

import pytest

from qa_service.celery import app
from qa_service.tasks import heartbeat


@pytest.mark.redis
def test_a_task_published_to_redis_can_be_read_back():
    """Redis needs packages that celery does not bring along; without them the first publishing fails."""
    queue = f"test-{uuid.uuid4().hex}"
    with app.connection_for_write() as connection:
        heartbeat.apply_async(queue=queue, connection=connection)  # type: ignore[call-arg]  # absent from the stubs
        waiting = connection.SimpleQueue(queue)
        try:
            message = waiting.get(timeout=5)
            message.ack()
        finally:
            waiting.queue.delete()
            waiting.close()

    assert message.headers["task"] == "shell.heartbeat"
    assert message.payload[0] == []


def test_a_message_carries_no_pickle():
    assert app.conf.accept_content == ["json"]
