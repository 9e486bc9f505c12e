package dev.kafkaboot.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.TopicPartition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordIteratorTest {

    private static final Duration IDLE = Duration.ofSeconds(90);

    /** What the polls bring: the times after which records come; each poll that is shorter brings nothing. */
    private final Deque<Duration> arrivals = new ArrayDeque<>();

    private final List<Duration> polls = new ArrayList<>();
    private Duration now = Duration.ZERO;
    private long offset;
    private boolean closed;

    private RecordIterator<String, String> iterator(@Nullable Duration idle) {
        return new RecordIterator<>(
                new Assignment(() -> {}), finishWork -> ConsumerRecords.empty(), (timeout, finishWork) -> poll(timeout), () -> now.toNanos(), idle);
    }

    private ConsumerRecords<String, String> poll(Duration timeout) {
        if (closed) {
            throw new ClientClosedException("closed");
        }
        polls.add(timeout);
        Duration wait = arrivals.peek();
        if (wait == null || now.plus(timeout).compareTo(wait) < 0) {
            now = now.plus(timeout);
            return ConsumerRecords.empty();
        }
        arrivals.remove();
        now = now.compareTo(wait) > 0 ? now : wait;
        return new ConsumerRecords<>(Map.of(new TopicPartition("orders", 0), List.of(new ConsumerRecord<>("orders", 0, offset++, null, null))));
    }

    @Test
    void itEndsWhenNothingHasComeForSomeTime() {
        arrivals.addAll(List.of(Duration.ofSeconds(80), Duration.ofSeconds(160)));
        List<Long> read = new ArrayList<>();
        RecordIterator<String, String> records = iterator(IDLE);

        records.forEachRemaining(record -> read.add(record.offset()));

        assertThat(read).as("the time begins anew with every record").containsExactly(0L, 1L);
        assertThat(now).isEqualTo(Duration.ofSeconds(250));
        assertThat(polls).allMatch(poll -> poll.compareTo(Duration.ofSeconds(60)) <= 0);
    }

    @Test
    void itStaysAtItsEnd() {
        RecordIterator<String, String> records = iterator(IDLE);
        assertThat(records.hasNext()).isFalse();
        arrivals.add(now);

        assertThat(records.hasNext()).isFalse();
        assertThatThrownBy(records::next).isInstanceOf(NoSuchElementException.class).hasMessageContaining("No record has come for 90 s");
    }

    @Test
    void withoutALimitItEndsWhenTheConsumerIsClosed() {
        arrivals.add(Duration.ofHours(5));
        RecordIterator<String, String> records = iterator(null);
        assertThat(records.next().offset()).isZero();
        closed = true;

        assertThat(records.hasNext()).isFalse();
        assertThatThrownBy(records::next).isInstanceOf(NoSuchElementException.class).hasMessage("The consumer is closed");
    }
}
