package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ClientClosedException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/** Records without end, polled as they are needed; it ends when the consumer is closed. One thread. */
final class RecordIterator<K, V> implements Iterator<ConsumerRecord<K, V>> {

    private final Supplier<ConsumerRecords<K, V>> poll;
    private Iterator<ConsumerRecord<K, V>> records = ConsumerRecords.<K, V>empty().iterator();

    RecordIterator(Supplier<ConsumerRecords<K, V>> poll) {
        this.poll = poll;
    }

    @Override
    public boolean hasNext() {
        try {
            while (!records.hasNext()) {
                // On a closed consumer too: the refusal shows that this thread has finished what it was given.
                records = poll.get().iterator();
            }
            return true;
        } catch (ClientClosedException ended) {
            return false;
        }
    }

    @Override
    public ConsumerRecord<K, V> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The consumer is closed");
        }
        return records.next();
    }
}
