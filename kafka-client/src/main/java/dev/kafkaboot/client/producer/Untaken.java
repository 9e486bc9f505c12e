package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.BufferExhaustedException;
import dev.kafkaboot.client.Persistence;
import dev.kafkaboot.client.RecordTooLargeException;
import dev.kafkaboot.client.SendException;
import org.jspecify.annotations.Nullable;

/** Why a record is not taken. */
final class Untaken {

    private Untaken() {}

    static RecordTooLargeException tooLarge(String topic, @Nullable Object key, int size, int maxSize) {
        return new RecordTooLargeException(
                "The record for topic '" + topic + "'" + (key == null ? "" : " with key '" + key + "'") + " has about " + size
                        + " bytes, more than " + ProducerConfig.MAX_REQUEST_SIZE.name() + " allows (" + maxSize + ")",
                size, maxSize);
    }

    /**
     * There is no memory for it.
     *
     * @param waited how long it was waited for, as a part of the sentence; or nothing
     */
    static BufferExhaustedException exhausted(String topic, int size, ChunkPool pool, String waited) {
        return new BufferExhaustedException(
                "No memory for a record of " + size + " bytes for topic '" + topic + "'" + waited + ": " + pool.used() + " of "
                        + pool.capacity() + " bytes (" + ProducerConfig.BUFFER_MEMORY.name() + ") wait to be sent");
    }

    static SendException because(String topic, Throwable wrong) {
        return new SendException("The record for topic '" + topic + "' could not be taken: " + wrong, topic, -1, Persistence.NOT_PERSISTED, wrong);
    }
}
