package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.producer.ChunkPool.Priority;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChunkPoolTest {

    private static final int CAPACITY = 1024 * 1024;

    private final ChunkPool pool = new ChunkPool(CAPACITY, 16_384, () -> {});

    private static ByteBuffer taken(ChunkPool pool, int size) {
        ByteBuffer chunk = pool.take(size);
        assertThat(chunk).isNotNull();
        return chunk;
    }

    /** Buffers are equal if their contents are; what matters here is which is which. */
    private static Set<ByteBuffer> identities(List<ByteBuffer> buffers) {
        Set<ByteBuffer> set = Collections.newSetFromMap(new IdentityHashMap<>());
        set.addAll(buffers);
        return set;
    }

    @Test
    void chunkComesBackAndIsUsedAgain() {
        ByteBuffer chunk = taken(pool, 100);
        chunk.putInt(7);
        assertThat(pool.used()).isEqualTo(16_384);
        pool.give(chunk);

        ByteBuffer again = taken(pool, 16_384);

        assertThat(again).isSameAs(chunk);
        assertThat(again.position()).isZero();
        assertThat(again.remaining()).isEqualTo(16_384);
    }

    @Test
    void noMoreIsOutThanTheCapacity() {
        List<ByteBuffer> all = new ArrayList<>();
        for (ByteBuffer chunk = pool.take(1); chunk != null; chunk = pool.take(1)) {
            all.add(chunk);
        }

        assertThat(all).hasSize(CAPACITY / 16_384);
        assertThat(identities(all)).hasSameSizeAs(all);
        assertThat(pool.used()).isEqualTo(CAPACITY);
        assertThat(pool.reserve(1, Priority.FIRST_IN_LINE)).isFalse();
        all.forEach(pool::give);
        assertThat(pool.used()).isZero();
    }

    @Test
    void largeRecordGetsMemoryOfItsOwnThatIsKeptForTheNextOne() {
        ByteBuffer large = taken(pool, 100_000);
        assertThat(large.capacity()).isEqualTo(131_072);
        assertThat(pool.used()).isEqualTo(131_072);
        pool.give(large);

        assertThat(pool.take(120_000)).isSameAs(large);
    }

    @Test
    void whatIsKeptForOneSizeDoesNotKeepAnotherFromUsingTheWholeCapacity() {
        List<ByteBuffer> small = new ArrayList<>();
        for (ByteBuffer chunk = pool.take(1); chunk != null; chunk = pool.take(1)) {
            small.add(chunk);
        }
        small.forEach(pool::give);

        List<ByteBuffer> large = new ArrayList<>();
        for (ByteBuffer chunk = pool.take(200_000); chunk != null; chunk = pool.take(200_000)) {
            large.add(chunk);
        }

        assertThat(large).hasSize(CAPACITY / 262_144);
        large.forEach(pool::give);
        assertThat(identities(small).contains(taken(pool, 1))).as("the small ones were dropped for the large ones").isFalse();
    }

    @Test
    void memoryThatThereIsNotAfterAllIsNotCounted() {
        ChunkPool poor = new ChunkPool(CAPACITY, 16_384, () -> {}, size -> {
            throw new OutOfMemoryError("no direct memory");
        });

        assertThatThrownBy(() -> poor.take(1)).isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(() -> poor.take(100_000)).isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(() -> poor.take(600_000)).isInstanceOf(OutOfMemoryError.class);

        assertThat(poor.used()).isZero();
    }

    @Test
    void whatIsClaimedIsNotGivenToOthers() {
        pool.claim(CAPACITY - 16_384);

        ByteBuffer last = pool.take(1);
        assertThat(last).isNotNull();
        assertThat(pool.take(1)).isNull();
        assertThat(pool.hasRoomFor(CAPACITY - 16_384)).isTrue();
        assertThat(pool.as(Priority.FIRST_IN_LINE).take(1)).isNotNull();
        pool.unclaim(CAPACITY - 16_384);
        assertThat(pool.take(1)).isNotNull();
    }
}
